package io.text2video.worker.jobs;

import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobSnapshot;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.StepListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/**
 * Publishes a job's steps and then its frames, at most two a second and of either always the last, and each preview; ends the
 * generation of an abandoned job, within a step too. For the thread that generates, but for previews.
 */
final class ProgressReport implements StepListener, Interruption {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final JobSnapshot job;
    private final Attempt attempt;
    private final JobPublisher publisher;
    private final Clock clock;
    private final Duration patience;
    private boolean denoised;
    private int allSteps;
    private int lastStep;
    private int decoded;
    private int previewStep;
    private Instant next = Instant.MIN;

    /**
     * @param patience how long a worker that is to stop may go on to decode: a step is taken again elsewhere, and all steps are
     *     kept, but what is decoded is lost
     */
    ProgressReport(JobSnapshot job, Attempt attempt, JobPublisher publisher, Clock clock, Duration patience) {
        this.job = job;
        this.attempt = attempt;
        this.publisher = publisher;
        this.clock = clock;
        this.patience = patience;
    }

    @Override
    public void check(String kernel) {
        attempt.checkpoint(denoised ? patience : Duration.ZERO);
    }

    @Override
    public void onStep(int step, int steps) {
        attempt.checkpoint();
        denoised = step == steps;
        publishStep(step, steps);
    }

    private synchronized void publishStep(int step, int steps) {
        allSteps = steps;
        lastStep = step;
        publish(step == steps, now -> VideoEvent.progress(job, step, steps, now));
    }

    /** @param frames that have been decoded since the last call */
    synchronized void onFrames(int frames) {
        decoded += frames;
        publish(decoded == job.parameters().numFrames(), now -> VideoEvent.decoded(job, allSteps, decoded, now));
    }

    /**
     * The store has a preview. By any thread.
     *
     * @param step after which it was made
     * @param picture itself, where the event is to carry it; else null
     */
    synchronized void onPreview(int step, String picture) {
        previewStep = step;
        publish(true, picture, this::latest);
    }

    private VideoEvent latest(Instant now) {
        return decoded == 0
                ? VideoEvent.progress(job, lastStep, allSteps, now)
                : VideoEvent.decoded(job, allSteps, decoded, now);
    }

    private void publish(boolean last, Function<Instant, VideoEvent> event) {
        publish(last, null, event);
    }

    private void publish(boolean last, String picture, Function<Instant, VideoEvent> event) {
        Instant now = clock.instant();
        if (last || !now.isBefore(next)) {
            next = now.plus(INTERVAL);
            VideoEvent progress = event.apply(now).withPreview(previewStep == 0 ? null : previewStep, picture);
            attempt.progressed(progress);
            publisher.progress(progress);
        }
    }
}
