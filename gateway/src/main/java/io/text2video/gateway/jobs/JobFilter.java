package io.text2video.gateway.jobs;

import io.text2video.common.job.BatchId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.Tenant;
import java.util.Map;
import java.util.Objects;

/**
 * Which jobs a list is of.
 *
 * @param status null for any
 * @param model its id; null for any
 * @param batch that it is of; null for any, and for jobs of none
 * @param metadata pairs that a job must have among its own
 * @param owner null for any
 */
public record JobFilter(JobStatus status, String model, BatchId batch, Map<String, String> metadata, Tenant owner) {
    /** Every job. */
    public static final JobFilter NONE = new JobFilter(null, null, null, Map.of(), null);

    public JobFilter {
        metadata = Map.copyOf(metadata);
    }

    /** Whether it is worth to unpack the job: a million are held, and few are wanted. */
    boolean mayHave(HeldJob held) {
        HeldJob.State job = held.state();
        int pairs = pairs(metadata);
        return (batch == null || batch.has(held.id()))
                && (status == null || status == job.status())
                && (owner == null || owner.name().equals(job.tenant()))
                && (model == null || model.equals(job.model()))
                && (job.pairs() & pairs) == pairs;
    }

    boolean has(JobSnapshot job) {
        Map<String, String> its = Objects.requireNonNullElse(job.metadata(), Map.of());
        return (batch == null || batch.has(job.id()))
                && (status == null || status == job.status())
                && (owner == null || owner.equals(job.owner()))
                && (model == null || model.equals(job.model()))
                && its.entrySet().containsAll(metadata.entrySet());
    }

    /** A Bloom filter of 32 bits: one for each pair, and pairs may share one. */
    static int pairs(Map<String, String> metadata) {
        return metadata.entrySet().stream()
                .mapToInt(pair ->
                        1 << (31 * pair.getKey().hashCode() + pair.getValue().hashCode()))
                .reduce(0, (some, one) -> some | one);
    }
}
