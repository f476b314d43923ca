package io.text2video.common.job;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.Objects;

/**
 * A job as it stands: the message on the compacted {@code video.jobs}. A snapshot is made from the request by {@link
 * #queued} and from then on only by the moves of {@link JobStatus}; each gives a new one.
 *
 * @param attempt which try this is, from 1; 0 while queued
 * @param parameters as requested while queued; with every value filled in from the start on
 * @param truncation what the text limit cut from the prompt, once started; null when nothing was cut
 * @param worker who runs it, or null
 * @param video once completed
 * @param timings once completed
 * @param reusedSteps how many of the steps used the transformer's earlier work again, once completed; null where every
 *     step was to be computed
 * @param error once failed
 */
public record JobSnapshot(
        @Min(1) int version,
        @NotNull JobId id,
        @NotNull JobStatus status,
        @Min(0) int attempt,
        String model,
        String prompt,
        @Valid @NotNull VideoParameters parameters,
        PromptTruncation truncation,
        Webhook webhook,
        @NotNull Instant createdAt,
        Instant startedAt,
        Instant completedAt,
        String worker,
        @Valid VideoFile video,
        StageTimings timings,
        @Min(0) Integer reusedSteps,
        @Valid JobError error) {

    public static final int VERSION = 1;

    public JobSnapshot {
        version = version == 0 ? VERSION : version;
        parameters = Objects.requireNonNullElse(parameters, VideoParameters.DEFAULTS);
    }

    /** The state that a request alone gives its job. */
    public static JobSnapshot queued(VideoRequest request, Instant recordTime) {
        return new JobSnapshot(
                VERSION,
                request.id(),
                JobStatus.QUEUED,
                0,
                request.model(),
                request.prompt(),
                request.parameters(),
                null,
                request.webhook(),
                Objects.requireNonNullElse(request.createdAt(), recordTime),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /**
     * A worker takes the job.
     *
     * @throws IllegalStateException unless queued
     */
    public JobSnapshot started(
            int attempt,
            String worker,
            String model,
            VideoParameters parameters,
            PromptTruncation truncation,
            Instant now) {
        require(status == JobStatus.QUEUED, JobStatus.IN_PROGRESS);
        return new JobSnapshot(
                VERSION,
                id,
                JobStatus.IN_PROGRESS,
                attempt,
                model,
                prompt,
                parameters,
                truncation,
                webhook,
                createdAt,
                now,
                null,
                worker,
                null,
                null,
                null,
                null);
    }

    /**
     * The video is in the store.
     *
     * @param reusedSteps null where every step was to be computed
     * @throws IllegalStateException unless in progress
     */
    public JobSnapshot completed(VideoFile video, StageTimings timings, Integer reusedSteps, Instant now) {
        require(status == JobStatus.IN_PROGRESS, JobStatus.COMPLETED);
        return ended(JobStatus.COMPLETED, attempt, worker, video, timings, reusedSteps, null, now);
    }

    /**
     * The job cannot be done.
     *
     * @throws IllegalStateException when it has already ended
     */
    public JobSnapshot failed(int attempt, String worker, JobError error, Instant now) {
        require(!status.isTerminal(), JobStatus.FAILED);
        return ended(JobStatus.FAILED, attempt, worker, null, null, null, error, now);
    }

    /**
     * Whether this replaces {@code other} of the same job, whichever was read first: an end beats everything and stays,
     * then the later attempt counts, then the later state.
     */
    public boolean supersedes(JobSnapshot other) {
        if (other.status.isTerminal()) {
            return false;
        }
        return status.isTerminal()
                || attempt > other.attempt
                || (attempt == other.attempt && status.compareTo(other.status) > 0);
    }

    private JobSnapshot ended(
            JobStatus end,
            int attempt,
            String worker,
            VideoFile video,
            StageTimings timings,
            Integer reusedSteps,
            JobError error,
            Instant now) {
        return new JobSnapshot(
                VERSION,
                id,
                end,
                attempt,
                model,
                prompt,
                parameters,
                truncation,
                webhook,
                createdAt,
                startedAt,
                now,
                worker,
                video,
                timings,
                reusedSteps,
                error);
    }

    private void require(boolean allowed, JobStatus next) {
        if (!allowed) {
            throw new IllegalStateException("job %s is %s and cannot become %s".formatted(id, status, next));
        }
    }
}
