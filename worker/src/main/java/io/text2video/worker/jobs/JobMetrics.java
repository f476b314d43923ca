package io.text2video.worker.jobs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.text2video.common.job.StageTimings;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Jobs by outcome, seconds by stage, and whether the worker is busy. */
public final class JobMetrics {
    private final MeterRegistry registry;
    private final Counter resumedSteps;
    private final AtomicInteger held = new AtomicInteger();

    public JobMetrics(MeterRegistry registry) {
        this.registry = registry;
        resumedSteps = registry.counter("text2video.worker.resumed.steps");
        registry.gauge("text2video.worker.busy", held, jobs -> Math.min(1, jobs.get()));
        for (Outcome outcome : Outcome.values()) {
            jobs(outcome);
        }
    }

    /** A delivery is in hand. */
    void taken() {
        held.incrementAndGet();
    }

    /** Counts a delivery by how it ended. */
    Outcome ended(Outcome outcome) {
        held.decrementAndGet();
        jobs(outcome).increment();
        return outcome;
    }

    /** Counts steps that another attempt had taken, and this one need not take again. */
    void resumed(int steps) {
        resumedSteps.increment(steps);
    }

    /** Records how many times as long as it took a job was reckoned to take. */
    void estimated(double ratio) {
        registry.summary("text2video.worker.estimate.ratio").record(ratio);
    }

    /** Records a completed job's stages. */
    void stages(StageTimings timings) {
        stage("queue", timings.queue());
        stage("text_encoding", timings.textEncoding());
        stage("denoising", timings.denoising());
        stage("decoding", timings.decoding());
        stage("video_encoding", timings.videoEncoding());
        stage("upload", timings.upload());
    }

    private Counter jobs(Outcome outcome) {
        return registry.counter("text2video.worker.jobs", "outcome", outcome.tag());
    }

    private void stage(String name, double seconds) {
        registry.timer("text2video.worker.stage", "stage", name).record(Duration.ofNanos((long) (seconds * 1e9)));
    }
}
