package io.text2video.gateway.jobs;

import com.ethlo.time.ITU;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.Tenant;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the index asks of every snapshot.
 *
 * @param endedAt null until the job has ended
 * @param run null unless the job is in progress
 * @param model null where none is named
 * @param pairs of the metadata, by {@link JobFilter#pairs}
 * @param owner whom the job belongs to
 */
record JobHeader(
        JobId id,
        JobStatus status,
        AttemptId attempt,
        Instant createdAt,
        Instant endedAt,
        JobRun run,
        String model,
        int pairs,
        Tenant owner) {
    private static final Set<String> FIELDS = Set.of(
            "id",
            "status",
            "generation",
            "attempt",
            "created_at",
            "completed_at",
            "worker",
            "started_at",
            "estimated_seconds",
            "model",
            "metadata",
            "tenant");
    private static final String METADATA = "metadata.";
    private static final Set<String> REQUIRED = Set.of("id", "status", "created_at");
    private static final Map<String, JobStatus> STATUSES = Arrays.stream(JobStatus.values())
            .collect(Collectors.toUnmodifiableMap(JobStatus::wireName, status -> status));

    static JobHeader of(JobSnapshot job) {
        return of(
                job.id(),
                job.status(),
                job.attemptId(),
                job.createdAt(),
                job.completedAt(),
                job.worker(),
                job.startedAt(),
                job.estimatedSeconds(),
                job.model(),
                Objects.requireNonNullElse(job.metadata(), Map.of()),
                job.tenant());
    }

    /**
     * Reads it from a snapshot.
     *
     * @return nothing where something is out of the ordinary: reading all of the message will tell what
     */
    static Optional<JobHeader> read(byte[] snapshot) {
        return TopFields.read(snapshot, FIELDS)
                .filter(fields -> fields.keySet().containsAll(REQUIRED) && STATUSES.containsKey(fields.get("status")))
                .flatMap(JobHeader::parse);
    }

    private static Optional<JobHeader> parse(Map<String, String> fields) {
        try {
            return Optional.of(of(
                    JobId.parse(fields.get("id")),
                    STATUSES.get(fields.get("status")),
                    new AttemptId(
                            Integer.parseInt(fields.getOrDefault("generation", "1")),
                            Integer.parseInt(fields.getOrDefault("attempt", "0"))),
                    time(fields.get("created_at")),
                    time(fields.get("completed_at")),
                    fields.get("worker"),
                    time(fields.get("started_at")),
                    fields.containsKey("estimated_seconds") ? Double.valueOf(fields.get("estimated_seconds")) : null,
                    fields.get("model"),
                    metadata(fields),
                    fields.containsKey("tenant") ? new Tenant(fields.get("tenant")) : null));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> metadata(Map<String, String> fields) {
        return fields.entrySet().stream()
                .filter(field -> field.getKey().startsWith(METADATA))
                .collect(Collectors.toMap(field -> field.getKey().substring(METADATA.length()), Map.Entry::getValue));
    }

    /** By RFC 3339. {@link Instant#parse} took a quarter of the reader's time while the view filled. */
    private static Instant time(String text) {
        return text == null ? null : ITU.parseDateTime(text).toInstant();
    }

    private static JobHeader of(
            JobId id,
            JobStatus status,
            AttemptId attempt,
            Instant createdAt,
            Instant completedAt,
            String worker,
            Instant startedAt,
            Double estimatedSeconds,
            String model,
            Map<String, String> metadata,
            Tenant tenant) {
        Instant endedAt = completedAt == null ? createdAt : completedAt;
        Instant expectedEnd = startedAt == null || estimatedSeconds == null
                ? null
                : startedAt.plusMillis(Math.round(estimatedSeconds * 1e3));
        return new JobHeader(
                id,
                status,
                attempt,
                createdAt,
                status.isTerminal() ? endedAt : null,
                status == JobStatus.IN_PROGRESS ? new JobRun(worker, expectedEnd) : null,
                model,
                JobFilter.pairs(metadata),
                Tenant.orDefault(tenant));
    }
}
