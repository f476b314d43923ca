package io.text2video.gateway.jobs;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import java.time.Instant;
import java.util.UUID;

/**
 * A job as the index holds it, a million times over: what comparing and counting ask for, and the rest packed. Its id and
 * its place in the order by creation never change; one thread changes its state, any number read it.
 */
final class HeldJob implements Comparable<HeldJob> {
    /**
     * What is known of it.
     *
     * @param endedAt milliseconds of Unix time; 0 until it has ended
     * @param model one text for all jobs of a model; null where none is named
     * @param pairs of the metadata, by {@link JobFilter#pairs}
     * @param tenant whom it belongs to; one text for all jobs of a tenant
     * @param snapshot packed; null in a place that is only looked for
     * @param heard null for nothing
     */
    record State(
            JobStatus status,
            int generation,
            int attempt,
            long endedAt,
            String model,
            int pairs,
            String tenant,
            byte[] snapshot,
            JobProgress heard) {
        static State of(JobHeader job, byte[] packed, JobProgress heard) {
            return new State(
                    job.status(),
                    job.attempt().generation(),
                    job.attempt().attempt(),
                    job.endedAt() == null ? 0 : job.endedAt().toEpochMilli(),
                    job.model() == null ? null : job.model().intern(),
                    job.pairs(),
                    job.owner().name().intern(),
                    packed,
                    heard);
        }

        State with(JobProgress news) {
            return new State(status, generation, attempt, endedAt, model, pairs, tenant, snapshot, news);
        }

        boolean isSupersededBy(JobStatus other, AttemptId otherAttempt) {
            return JobSnapshot.supersedes(other, otherAttempt, status, new AttemptId(generation, attempt));
        }
    }

    private final UUID id;
    private final long createdSecond;
    private final int createdNano;
    private volatile State state;

    HeldJob(JobId id, Instant createdAt, State state) {
        this.id = id.value();
        createdSecond = createdAt.getEpochSecond();
        createdNano = createdAt.getNano();
        this.state = state;
    }

    JobId id() {
        return new JobId(id);
    }

    State state() {
        return state;
    }

    void become(State next) {
        state = next;
    }

    boolean isCreatedAt(Instant time) {
        return createdSecond == time.getEpochSecond() && createdNano == time.getNano();
    }

    /** By the time of creation, then by the id as it is written. */
    @Override
    public int compareTo(HeldJob other) {
        int bySecond = Long.compare(createdSecond, other.createdSecond);
        int byTime = bySecond != 0 ? bySecond : Integer.compare(createdNano, other.createdNano);
        return byTime != 0 ? byTime : compareIds(other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeldJob job && compareTo(job) == 0;
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    /** {@link UUID} compares signed numbers, text does not. */
    private int compareIds(HeldJob other) {
        int high = Long.compareUnsigned(id.getMostSignificantBits(), other.id.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(id.getLeastSignificantBits(), other.id.getLeastSignificantBits());
    }
}
