package io.text2video.common.event;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.StageTimings;
import io.text2video.common.job.VideoFile;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;

/**
 * Something that happened to a job: the message on {@code video.events}, for anyone. It carries neither the prompt nor
 * the webhook.
 *
 * @param generation how often the job's request had been published; a reader ignores lower ones than it has seen
 * @param attempt which try at that publication it happened in; of one generation, the same holds
 * @param step denoising steps done, with {@code PROGRESS}
 * @param steps denoising steps in all, with {@code PROGRESS}
 * @param decodedFrames frames of the video that are decoded, with {@code PROGRESS} after the last step
 * @param previewStep after how many steps the preview was made that is in the store, with {@code PROGRESS}; null where none
 *     is, see {@link io.text2video.common.storage.ObjectKeys#preview}
 * @param preview that preview itself, a JPEG in base64, with the event that first tells of it, from a worker whose events are
 *     to carry it
 * @param seed with {@code COMPLETED}
 * @param reusedSteps with {@code COMPLETED}, of a job with a {@code cache_threshold}
 */
public record VideoEvent(
        @Min(1) int version,
        @NotNull JobId id,
        @NotNull EventType type,
        @NotNull Instant time,
        @Min(1) int generation,
        @Min(0) int attempt,
        String worker,
        String model,
        Integer step,
        Integer steps,
        @Min(1) Integer decodedFrames,
        @Min(1) Integer previewStep,
        String preview,
        Long seed,
        @Valid VideoFile video,
        StageTimings timings,
        @Min(0) Integer reusedSteps,
        @Valid JobError error) {

    public static final int VERSION = 1;

    public VideoEvent {
        version = version == 0 ? VERSION : version;
        generation = generation == 0 ? 1 : generation;
    }

    /** A step is done. */
    public static VideoEvent progress(JobSnapshot job, int step, int steps, Instant now) {
        return of(job, EventType.PROGRESS, now, step, steps, null);
    }

    /** All steps are done, and so many frames are decoded. */
    public static VideoEvent decoded(JobSnapshot job, int steps, int frames, Instant now) {
        return of(job, EventType.PROGRESS, now, steps, steps, frames);
    }

    /**
     * The same, of an attempt that has a preview in the store.
     *
     * @param picture in base64; null for none in the event
     */
    public VideoEvent withPreview(Integer afterStep, String picture) {
        return new VideoEvent(
                version,
                id,
                type,
                time,
                generation,
                attempt,
                worker,
                model,
                step,
                steps,
                decodedFrames,
                afterStep,
                picture,
                seed,
                video,
                timings,
                reusedSteps,
                error);
    }

    /** A worker has the job, and no step is done: steps are known once it has begun to draw, unless they were asked for. */
    public static VideoEvent begun(JobSnapshot queued, AttemptId attempt, String worker, Instant now) {
        return new VideoEvent(
                VERSION,
                queued.id(),
                EventType.PROGRESS,
                now,
                attempt.generation(),
                attempt.attempt(),
                worker,
                queued.model(),
                0,
                queued.parameters().numInferenceSteps(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** The event that tells of the state a job has just reached. */
    public static VideoEvent of(JobSnapshot job) {
        return switch (job.status()) {
            case QUEUED, DELETED ->
                throw new IllegalArgumentException(
                        "no event tells of a %s job: %s".formatted(job.status().wireName(), job.id()));
            case IN_PROGRESS -> of(job, EventType.STARTED, job.startedAt(), null, null, null);
            case COMPLETED -> of(job, EventType.COMPLETED, job.completedAt(), null, null, null);
            case FAILED -> of(job, EventType.FAILED, job.completedAt(), null, null, null);
            case CANCELLED -> of(job, EventType.CANCELLED, job.completedAt(), null, null, null);
        };
    }

    /** The try that it happened in. */
    public AttemptId attemptId() {
        return new AttemptId(generation, attempt);
    }

    private static VideoEvent of(
            JobSnapshot job, EventType type, Instant time, Integer step, Integer steps, Integer decodedFrames) {
        return new VideoEvent(
                VERSION,
                job.id(),
                type,
                time,
                job.generation(),
                job.attempt(),
                job.worker(),
                job.model(),
                step,
                steps,
                decodedFrames,
                null,
                null,
                type == EventType.COMPLETED ? job.parameters().seed() : null,
                job.video(),
                job.timings(),
                job.reusedSteps(),
                job.error());
    }
}
