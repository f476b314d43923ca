package io.text2video.standalone.bench;

import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.config.PipelineConfig;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.model.LatentShape;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.FrameSink;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.StepListener;
import io.text2video.worker.state.Checkpoints;
import io.text2video.worker.state.GenerationState;
import io.text2video.worker.state.SavedState;
import io.text2video.worker.state.UnusableStateException;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsWriter.Entry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long a generation goes on once it is interrupted: at some moments of its start, text encoding and the first steps, and at
 * as many of its decoding, which begins from latents of no meaning. Nothing need come to its end, however large the video is.
 */
public final class InterruptionBenchmark {
    private static final int SEED = 1;

    private final CogVideoXPipeline pipeline;
    private final GenerationParameters parameters;
    private final GenerationState denoised;
    private final Duration within;
    private final Random random = new Random(SEED);
    private final List<Moment> moments = new ArrayList<>();

    /**
     * One interruption.
     *
     * @param afterS when, since the start of its stage
     * @param kernel that ran then
     * @param seconds until the generation had ended, and its memory was free
     */
    private record Moment(String stage, double afterS, String kernel, double seconds) {}

    /**
     * @param model that the pipeline was loaded from
     * @param within how long after its start a stage is interrupted at most; one that ends sooner, sooner
     * @throws IOException when the model's configs cannot be read
     */
    public InterruptionBenchmark(
            CogVideoXPipeline pipeline, Path model, GenerationParameters parameters, Duration within)
            throws IOException {
        this.pipeline = pipeline;
        this.parameters = parameters;
        this.within = within;
        this.denoised = denoised(CheckpointFiles.open(model).config());
    }

    private GenerationState denoised(PipelineConfig config) {
        long[] shape = LatentShape.of(
                        parameters.height(),
                        parameters.width(),
                        parameters.numFrames(),
                        config.transformer(),
                        config.vae())
                .dimensions();
        var dtype = SafetensorsDtype.valueOf(pipeline.computeType().dtype().name());
        long bytes = pipeline.computeType().dtype().bytes();
        for (long size : shape) {
            bytes *= size;
        }
        var latents = new Entry("latents", dtype, shape, ByteBuffer.allocate(Math.toIntExact(bytes)));
        int steps = parameters.numInferenceSteps();
        return new GenerationState("", steps, steps, 0, latents, List.of());
    }

    /** Interrupts so many generations and prints what came of it. */
    public void run(int count, PrintWriter out) {
        for (int i = 0; i < count; i++) {
            boolean decoding = i % 2 == 1;
            Checkpoints from = decoding ? new Denoised() : Checkpoints.NONE;
            Moment moment = interrupt(decoding ? "decoding" : "drawing", from, i);
            moments.add(moment);
            line(
                    out,
                    "%2d  %-8s after %7.3f s, in %-20s %.3f s",
                    i + 1,
                    moment.stage(),
                    moment.afterS(),
                    moment.kernel(),
                    moment.seconds());
        }
        double[] seconds = moments.stream().mapToDouble(Moment::seconds).toArray();
        line(
                out,
                "%dx%d, %d frames: %d moments, median %.3f s, most %.3f s",
                parameters.width(),
                parameters.height(),
                parameters.numFrames(),
                count,
                Median.of(seconds),
                moments.stream().mapToDouble(Moment::seconds).max().orElseThrow());
    }

    /** At a moment that is drawn anew, from a shorter time, where the stage had ended by then. */
    private Moment interrupt(String stage, Checkpoints from, int number) {
        double most = within.toNanos();
        while (true) {
            long after = (long) (random.nextDouble() * most);
            var flag = new Flag();
            GenerationParameters call = Prompts.numbered(parameters, number);
            CompletableFuture<Void> running = CompletableFuture.runAsync(
                    () -> pipeline.generate(call, from, flag, StepListener.NONE, FrameSink.NONE));
            if (!endsWithin(running, after)) {
                long start = System.nanoTime();
                flag.raised = true;
                String kernel = flag.kernel;
                try {
                    running.join();
                } catch (CompletionException e) {
                    if (!(e.getCause() instanceof CancellationException)) {
                        throw e;
                    }
                    return new Moment(stage, after / 1e9, kernel, (System.nanoTime() - start) / 1e9);
                }
            }
            most = after;
        }
    }

    private static boolean endsWithin(CompletableFuture<Void> running, long nanos) {
        try {
            running.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            // Latents of no meaning may be drawn black: the stage has ended.
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    private static void line(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }

    /** One thread raises it, and another looks at it. */
    private static final class Flag implements Interruption {
        private volatile boolean raised;
        private volatile String kernel = "none";

        @Override
        public void check(String next) {
            if (raised) {
                throw new CancellationException("interrupted");
            }
            kernel = next;
        }
    }

    /** Has the steps of any computation. */
    private final class Denoised implements Checkpoints {
        @Override
        public Optional<SavedState> newest(String computation, int below) {
            var state = new GenerationState(
                    computation, denoised.step(), denoised.steps(), 0, denoised.latents(), denoised.memory());
            return Optional.of(new SavedState("no state", state.step(), state.toBytes()));
        }

        @Override
        public void resumed(int step, int steps) {}

        @Override
        public void refused(SavedState state, UnusableStateException reason) {
            throw new IllegalStateException(reason);
        }

        @Override
        public boolean isDue(int step, int steps) {
            return false;
        }

        @Override
        public void save(GenerationState state) {}
    }
}
