package io.text2video.worker.jobs;

import io.text2video.common.job.JobSnapshot;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.video.VideoEncoder;
import java.time.Duration;

/**
 * How far a delivery has come. Each stage is reached on one thread, and the next may be on another.
 *
 * <pre>
 *   claimed ─► prepared ─► drawn ─► ended
 *      └──────────┴───────────┴──────►
 * </pre>
 */
sealed interface JobStage {
    /**
     * The attempt is this worker's.
     *
     * @param job as queued
     */
    record Claimed(Attempt attempt, JobSnapshot job) implements JobStage {}

    /**
     * Valid, with its image or video; nobody was told of it, and for everybody else it is queued.
     *
     * @param job as queued
     */
    record Prepared(Attempt attempt, JobSnapshot job, JobPlanner.Plan plan) implements JobStage {}

    /**
     * All frames have been drawn, and the last of them may not be encoded yet.
     *
     * @param job in progress
     * @param encoder has the frames; is closed by whoever finishes the job
     * @param textEncoding of the prompt, ahead or in the generation
     * @param checkpoints of the attempt, with the latents that the frames were decoded from
     */
    record Drawn(
            Attempt attempt,
            JobSnapshot job,
            Generation generation,
            Duration textEncoding,
            GenerationParameters parameters,
            VideoEncoder encoder,
            JobCheckpoints.OfAttempt checkpoints)
            implements JobStage {}

    /** The delivery is accepted, released or lost. */
    record Ended(Outcome outcome) implements JobStage {}
}
