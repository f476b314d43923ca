package io.text2video.worker.jobs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.StageTimings;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What Prometheus is told of a worker's jobs, all of it from the start on, so that the first of a kind is seen as an increase.
 * Thread-safe. {@code docs/10-metrics-and-traces.md} lists them.
 */
public final class JobMetrics {
    /** The parts of a job that are timed. */
    enum Stage {
        QUEUE,
        LOAD,
        TEXT_ENCODING,
        DENOISING,
        DECODING,
        VIDEO_ENCODING,
        UPLOAD;

        String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Why a record went to the dead letters. */
    enum DeadLettering {
        /** It is no request. */
        MALFORMED,
        /** Its job ended worker after worker. */
        GIVEN_UP;

        String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Upper ends of a histogram's buckets: a tiny model's stages take milliseconds, a large one's an hour. */
    private static final Duration[] STAGE_BUCKETS = {
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofHours(1)
    };

    private static final Duration[] STEP_BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5)
    };

    private final MeterRegistry registry;
    private final Counter resumedSteps;
    private final DistributionSummary estimateRatio;
    private final Timer step;
    private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);
    private final AtomicInteger held = new AtomicInteger();

    public JobMetrics(MeterRegistry registry) {
        this.registry = registry;
        resumedSteps = Counter.builder("text2video.worker.resumed.steps")
                .description("Denoising steps that another attempt had taken, and were not taken again")
                .register(registry);
        estimateRatio = DistributionSummary.builder("text2video.worker.estimate.ratio")
                .description("How many times as long as it took a job was reckoned to take: 1 is right")
                .serviceLevelObjectives(0.5, 0.8, 0.9, 1.1, 1.25, 2)
                .register(registry);
        step = Timer.builder("text2video.worker.step")
                .description("One denoising step")
                .serviceLevelObjectives(STEP_BUCKETS)
                .register(registry);
        Gauge.builder("text2video.worker.busy", held, jobs -> Math.min(1, jobs.get()))
                .description("1 while the worker has a job, else 0")
                .register(registry);
        for (Outcome outcome : Outcome.values()) {
            jobs(outcome);
        }
        for (ErrorCode code : ErrorCode.values()) {
            failures(code);
        }
        for (DeadLettering reason : DeadLettering.values()) {
            deadLetters(reason);
        }
        for (Stage stage : Stage.values()) {
            stages.put(
                    stage,
                    Timer.builder("text2video.worker.stage")
                            .description("The stages of completed jobs, and each loading of a model")
                            .tag("stage", stage.tag())
                            .serviceLevelObjectives(STAGE_BUCKETS)
                            .register(registry));
        }
    }

    /** A delivery is in hand. */
    void taken() {
        held.incrementAndGet();
    }

    /** Counts a delivery by how it ended. */
    void ended(Outcome outcome) {
        held.decrementAndGet();
        jobs(outcome).increment();
    }

    /** Counts a job that has failed here for good. */
    void failed(ErrorCode code) {
        failures(code).increment();
    }

    /** Counts a record that the dead letters have. */
    void deadLettered(DeadLettering reason) {
        deadLetters(reason).increment();
    }

    /** Counts steps that another attempt had taken, and this one need not take again. */
    void resumed(int steps) {
        resumedSteps.increment(steps);
    }

    /** Records how many times as long as it took a job was reckoned to take. */
    void estimated(double ratio) {
        estimateRatio.record(ratio);
    }

    /** Records that a model was loaded. */
    public void loaded(Duration time) {
        stages.get(Stage.LOAD).record(time);
    }

    /** Records a denoising step. */
    void step(Duration time) {
        step.record(time);
    }

    /** Records a completed job's stages. */
    void stages(StageTimings timings) {
        stage(Stage.QUEUE, timings.queue());
        stage(Stage.TEXT_ENCODING, timings.textEncoding());
        stage(Stage.DENOISING, timings.denoising());
        stage(Stage.DECODING, timings.decoding());
        stage(Stage.VIDEO_ENCODING, timings.videoEncoding());
        stage(Stage.UPLOAD, timings.upload());
    }

    private Counter jobs(Outcome outcome) {
        return Counter.builder("text2video.worker.jobs")
                .description("Deliveries of jobs to this worker, by how they ended")
                .tag("outcome", outcome.tag())
                .register(registry);
    }

    private Counter failures(ErrorCode code) {
        return Counter.builder("text2video.worker.failures")
                .description("Jobs that have failed for good at this worker")
                .tag("code", code.wireName())
                .register(registry);
    }

    private Counter deadLetters(DeadLettering reason) {
        return Counter.builder("text2video.worker.dead.letters")
                .description("Records that this worker has sent to the dead letters")
                .tag("reason", reason.tag())
                .register(registry);
    }

    private void stage(Stage stage, double seconds) {
        stages.get(stage).record(Duration.ofNanos((long) (seconds * 1e9)));
    }
}
