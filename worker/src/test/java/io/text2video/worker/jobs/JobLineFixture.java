package io.text2video.worker.jobs;

import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.topic.Pool;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.queue.JobQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Lines of jobs on threads of their own, as the application runs them. */
abstract class JobLineFixture extends JobRunnerFixture {
    static final Duration PATIENCE = Duration.ofMinutes(2);

    final Pool pool = new Pool("line-" + Long.toHexString(System.nanoTime()));
    final List<RunningLine> lines = new ArrayList<>();

    @BeforeEach
    void addPool() {
        fleet.add(pool);
    }

    @AfterEach
    void stopLines() throws InterruptedException {
        for (RunningLine line : lines) {
            line.stop();
        }
    }

    RunningLine start(BlobPipeline pipeline, JobQueue queue, boolean prefetch) {
        return start(pipeline, queue, prefetch, Duration.ZERO);
    }

    RunningLine start(BlobPipeline pipeline, JobQueue queue, boolean prefetch, Duration idleTimeout) {
        var stop = new StopSignal();
        var models = List.of(model("blob", BlobPipeline.FROM_PROMPT));
        JobRunner runner = runner(pool, fleet.store, stop, models, Map.of("blob", pipeline));
        var line = new RunningLine(queue, new JobLine(queue, runner, stop, prefetch, idleTimeout), stop);
        lines.add(line);
        line.thread.start();
        return line;
    }

    /** A job with a seed, by which a test knows it. */
    static VideoRequest numbered(long seed) {
        return new VideoRequest(VideoRequest.VERSION, JobId.next(), "blob", "a ball", seeded(seed), null, null, null);
    }

    private static VideoParameters seeded(long seed) {
        return new VideoParameters(null, null, null, null, null, null, null, null, null, null, seed, null, null);
    }

    static List<Long> seeds(List<GenerationParameters> calls) {
        return calls.stream().map(GenerationParameters::seed).toList();
    }

    /** A worker's line on a thread of its own, as the application runs it. */
    static final class RunningLine {
        final JobLine line;
        final StopSignal stop;
        final Thread thread;
        volatile boolean joined;

        RunningLine(JobQueue queue, JobLine line, StopSignal stop) {
            this.line = line;
            this.stop = stop;
            thread = new Thread(() -> {
                try (queue;
                        line) {
                    line.run(() -> joined = true);
                }
            });
        }

        void stop() throws InterruptedException {
            stop.send();
            line.releaseAhead();
            thread.join();
        }
    }
}
