package io.text2video.common.job;

import io.text2video.common.model.VideoParameters;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A job as it stands: the message on the compacted {@code video.jobs}. A snapshot is made from the request by {@link
 * #queued} and from then on only by the moves of {@link JobStatus}; each gives a new one.
 *
 * @param generation how often the request was published, from 1
 * @param attempt which try at that publication this is, from 1; 0 while queued
 * @param parameters as requested while queued; with every value filled in from the start on
 * @param enhancedPrompt what is drawn in the place of the prompt, once started, where that was asked for and done
 * @param truncation what the text limit cut from what is drawn, once started; null when nothing was cut
 * @param worker who runs it, or null
 * @param video once completed
 * @param timings once completed
 * @param reusedSteps how many of the steps used the transformer's earlier work again, once completed; null where every
 *     step was to be computed
 * @param estimatedSeconds that its worker reckoned for text encoding, denoising and decoding, once started; null where it
 *     could not
 * @param error once failed
 * @param inputReference as requested
 * @param user as requested
 * @param metadata as requested
 * @param remixedFromVideoId as requested
 * @param tenant as requested, also once deleted; null for {@link Tenant#DEFAULT}, see {@link #owner}
 * @param priority as requested; null for {@link Priority#NORMAL}
 * @param inputVideo as requested
 */
public record JobSnapshot(
        @Min(1) int version,
        @NotNull JobId id,
        @NotNull JobStatus status,
        @Min(1) int generation,
        @Min(0) int attempt,
        String model,
        String prompt,
        @Valid @NotNull VideoParameters parameters,
        String enhancedPrompt,
        PromptTruncation truncation,
        Webhook webhook,
        @NotNull Instant createdAt,
        Instant startedAt,
        Instant completedAt,
        String worker,
        @Valid VideoFile video,
        StageTimings timings,
        @Min(0) Integer reusedSteps,
        @DecimalMin("0") Double estimatedSeconds,
        @Valid JobError error,
        InputReference inputReference,
        String user,
        Map<String, String> metadata,
        JobId remixedFromVideoId,
        Tenant tenant,
        Priority priority,
        @Valid VideoReference inputVideo) {

    public static final int VERSION = 1;

    public JobSnapshot {
        version = version == 0 ? VERSION : version;
        generation = generation == 0 ? 1 : generation;
        parameters = Objects.requireNonNullElse(parameters, VideoParameters.DEFAULTS);
        metadata = metadata == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tenant = tenant == null ? null : tenant.orNull();
        priority = priority == Priority.NORMAL ? null : priority;
    }

    /** The state that a request alone gives its job. */
    public static JobSnapshot queued(VideoRequest request, Instant recordTime) {
        return queued(request, recordTime, 1);
    }

    /** The same for a request that was published that often. */
    public static JobSnapshot queued(VideoRequest request, Instant recordTime, int generation) {
        return new JobSnapshot(
                VERSION,
                request.id(),
                JobStatus.QUEUED,
                generation,
                0,
                request.model(),
                request.prompt(),
                request.parameters(),
                null,
                null,
                request.webhook(),
                Objects.requireNonNullElse(request.createdAt(), recordTime),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                request.inputReference(),
                request.user(),
                request.metadata(),
                request.remixedFromVideoId(),
                request.tenant(),
                request.priority(),
                request.inputVideo());
    }

    /**
     * The same job, with another prompt to draw.
     *
     * @throws IllegalStateException unless queued
     */
    public JobSnapshot enhanced(String drawn) {
        require(status == JobStatus.QUEUED, JobStatus.IN_PROGRESS);
        return new JobSnapshot(
                VERSION,
                id,
                status,
                generation,
                attempt,
                model,
                prompt,
                parameters,
                drawn,
                truncation,
                webhook,
                createdAt,
                startedAt,
                completedAt,
                worker,
                video,
                timings,
                reusedSteps,
                estimatedSeconds,
                error,
                inputReference,
                user,
                metadata,
                remixedFromVideoId,
                tenant,
                priority,
                inputVideo);
    }

    /**
     * A worker takes the job.
     *
     * @param estimatedSeconds null where the worker cannot tell
     * @throws IllegalStateException unless queued
     */
    public JobSnapshot started(
            AttemptId attempt,
            String worker,
            String model,
            VideoParameters parameters,
            PromptTruncation truncation,
            Double estimatedSeconds,
            Instant now) {
        require(status == JobStatus.QUEUED, JobStatus.IN_PROGRESS);
        return new JobSnapshot(
                VERSION,
                id,
                JobStatus.IN_PROGRESS,
                attempt.generation(),
                attempt.attempt(),
                model,
                prompt,
                parameters,
                enhancedPrompt,
                truncation,
                webhook,
                createdAt,
                now,
                null,
                worker,
                null,
                null,
                null,
                estimatedSeconds,
                null,
                inputReference,
                user,
                metadata,
                remixedFromVideoId,
                tenant,
                priority,
                inputVideo);
    }

    /**
     * The video is in the store.
     *
     * @param reusedSteps null where every step was to be computed
     * @throws IllegalStateException unless in progress
     */
    public JobSnapshot completed(VideoFile video, StageTimings timings, Integer reusedSteps, Instant now) {
        require(status == JobStatus.IN_PROGRESS, JobStatus.COMPLETED);
        return ended(JobStatus.COMPLETED, attemptId(), worker, video, timings, reusedSteps, null, now);
    }

    /**
     * The job cannot be done.
     *
     * @throws IllegalStateException when it has already ended
     */
    public JobSnapshot failed(AttemptId attempt, String worker, JobError error, Instant now) {
        require(!status.isTerminal(), JobStatus.FAILED);
        return ended(JobStatus.FAILED, attempt, worker, null, null, null, error, now);
    }

    /**
     * Somebody wants it no more.
     *
     * @throws IllegalStateException when it has already ended
     */
    public JobSnapshot cancelled(Instant now) {
        require(!status.isTerminal(), JobStatus.CANCELLED);
        return ended(JobStatus.CANCELLED, attemptId(), worker, null, null, null, null, now);
    }

    /**
     * The fleet forgets an ended job: its id, times and tenant stay, nothing of what it was about.
     *
     * @throws IllegalStateException unless it has ended
     */
    public JobSnapshot deleted() {
        require(status.isTerminal(), JobStatus.DELETED);
        return new JobSnapshot(
                VERSION,
                id,
                JobStatus.DELETED,
                generation,
                attempt,
                null,
                null,
                VideoParameters.DEFAULTS,
                null,
                null,
                null,
                createdAt,
                null,
                completedAt,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                tenant,
                null,
                null);
    }

    /** Whom the job belongs to. */
    public Tenant owner() {
        return Tenant.orDefault(tenant);
    }

    /** When a job that has ended did; {@link #createdAt} where its end, another service's perhaps, does not say. */
    public Instant endedAt() {
        return Objects.requireNonNullElse(completedAt, createdAt);
    }

    /** The try that this state is of. */
    public AttemptId attemptId() {
        return new AttemptId(generation, attempt);
    }

    /**
     * Whether this replaces {@code other} of the same job, whichever was read first: an end beats everything and stays but
     * for the deletion, then the later attempt counts, then the later state.
     */
    public boolean supersedes(JobSnapshot other) {
        return supersedes(status, attemptId(), other.status, other.attemptId());
    }

    /** The rule of {@link #supersedes(JobSnapshot)}, for those who keep no more of a state than it asks for. */
    public static boolean supersedes(
            JobStatus status, AttemptId attempt, JobStatus otherStatus, AttemptId otherAttempt) {
        if (otherStatus.isTerminal()) {
            return status == JobStatus.DELETED && otherStatus != JobStatus.DELETED;
        }
        int later = attempt.compareTo(otherAttempt);
        return status.isTerminal() || later > 0 || (later == 0 && status.compareTo(otherStatus) > 0);
    }

    private JobSnapshot ended(
            JobStatus end,
            AttemptId attempt,
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
                attempt.generation(),
                attempt.attempt(),
                model,
                prompt,
                parameters,
                enhancedPrompt,
                truncation,
                webhook,
                createdAt,
                startedAt,
                now,
                worker,
                video,
                timings,
                reusedSteps,
                estimatedSeconds,
                error,
                inputReference,
                user,
                metadata,
                remixedFromVideoId,
                tenant,
                priority,
                inputVideo);
    }

    private void require(boolean allowed, JobStatus next) {
        if (!allowed) {
            throw new IllegalStateException("job %s is %s and cannot become %s".formatted(id, status, next));
        }
    }
}
