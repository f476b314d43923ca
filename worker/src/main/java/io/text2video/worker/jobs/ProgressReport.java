package io.text2video.worker.jobs;

import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobSnapshot;
import io.text2video.worker.pipeline.StepListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Publishes a job's steps, at most two a second and always the last; ends the generation of an abandoned job. */
final class ProgressReport implements StepListener {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final JobSnapshot job;
    private final Attempt attempt;
    private final JobPublisher publisher;
    private final Clock clock;
    private Instant next = Instant.MIN;

    ProgressReport(JobSnapshot job, Attempt attempt, JobPublisher publisher, Clock clock) {
        this.job = job;
        this.attempt = attempt;
        this.publisher = publisher;
        this.clock = clock;
    }

    @Override
    public void onStep(int step, int steps) {
        attempt.checkpoint();
        Instant now = clock.instant();
        if (step == steps || !now.isBefore(next)) {
            next = now.plus(INTERVAL);
            VideoEvent event = VideoEvent.progress(job, step, steps, now);
            attempt.progressed(event);
            publisher.progress(event);
        }
    }
}
