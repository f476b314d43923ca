package io.text2video.standalone.bench;

import io.text2video.worker.kernels.ChosenPaths;
import io.text2video.worker.kernels.CpuPaths;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.ComputeType;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.StepListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Loads a model once, draws with it a few times, and measures both. */
public final class Benchmark {
    private final int warmup;
    private final int repeat;
    private final ProcessMemory memory = new ProcessMemory(Path.of("/proc/self"));

    /** Where the model comes from. */
    @FunctionalInterface
    public interface Loader {
        CogVideoXPipeline load() throws IOException;
    }

    /** What to draw, where the model's defaults may have a say in it. */
    @FunctionalInterface
    public interface Request {
        GenerationParameters resolve(CogVideoXPipeline pipeline) throws IOException;
    }

    /** Told when a generation starts; gives who is told of its steps. */
    @FunctionalInterface
    public interface RunListener {
        /** @param run from 0 */
        StepListener start(int run, int runs);
    }

    /**
     * What came of it.
     *
     * @param parameters what was drawn, but for its words
     * @param computeType what the networks computed in
     * @param threads that the engine computed with
     * @param cpuPaths the ways that the CPU took; empty on a GPU
     */
    public record Outcome(
            GenerationParameters parameters,
            ComputeType computeType,
            int threads,
            Optional<ChosenPaths> cpuPaths,
            Measurement measurement) {}

    /**
     * @param warmup generations before the first that counts
     * @param repeat generations that count, at least one
     */
    public Benchmark(int warmup, int repeat) {
        this.warmup = warmup;
        this.repeat = repeat;
    }

    /**
     * Runs it.
     *
     * @throws io.text2video.common.model.InvalidGenerationException when the model cannot draw what is asked for
     * @throws IOException when the model does not load, or the kernel does not tell of memory
     */
    public Outcome run(Loader loader, Request request, RunListener listener) throws IOException {
        try (var sampler = new MemorySampler(memory);
                var gpuMemory = PeakGpuMemory.watch()) {
            long start = System.nanoTime();
            Kernels.load(CpuPaths.DEFAULT).close();
            long started = System.nanoTime();
            try (CogVideoXPipeline pipeline = loader.load()) {
                long loaded = System.nanoTime();
                List<MeasuredStageMemory> stages = new ArrayList<>(List.of(sampler.between("load", start, loaded)));
                long loadPeak = memory.read().peak();
                boolean reset = memory.resetPeak();

                GenerationParameters parameters = request.resolve(pipeline);
                List<TimedGeneration> generations = generate(pipeline, parameters, listener);

                long generationPeak = memory.read().peak();
                OptionalLong gpu = gpuMemory.most();
                stages.addAll(peaks(generations, sampler));
                List<Timing> timings = generations.stream()
                        .skip(warmup)
                        .map(TimedGeneration::timing)
                        .toList();
                var measurement = new Measurement(
                        (started - start) / 1e9,
                        (loaded - started) / 1e9,
                        timings.stream()
                                .min(Comparator.comparingDouble(Timing::totalS))
                                .orElseThrow(),
                        timings,
                        most(loadPeak, generationPeak, stages),
                        reset ? generationPeak : null,
                        gpu.isPresent() ? gpu.getAsLong() : null,
                        stages);
                return new Outcome(
                        parameters, pipeline.computeType(), Kernels.threads(), pipeline.cpuPaths(), measurement);
            }
        }
    }

    /** The kernel's counters lag behind by some pages, so that a sample may be above the peak. */
    private static long most(long loadPeak, long generationPeak, List<MeasuredStageMemory> stages) {
        return Math.max(
                Math.max(loadPeak, generationPeak),
                MeasuredStageMemory.most(stages).peakRssBytes());
    }

    private List<TimedGeneration> generate(
            CogVideoXPipeline pipeline, GenerationParameters parameters, RunListener listener) {
        int runs = warmup + repeat;
        return IntStream.range(0, runs)
                .mapToObj(run ->
                        TimedGeneration.run(pipeline, Prompts.numbered(parameters, run + 1), listener.start(run, runs)))
                .toList();
    }

    /** Stage by stage, the most of all generations. */
    private static List<MeasuredStageMemory> peaks(List<TimedGeneration> generations, MemorySampler sampler) {
        List<List<MeasuredStageMemory>> all = generations.stream()
                .map(generation -> generation.memory(sampler))
                .toList();
        return IntStream.range(0, all.get(0).size())
                .mapToObj(stage -> MeasuredStageMemory.most(
                        all.stream().map(stages -> stages.get(stage)).toList()))
                .toList();
    }
}
