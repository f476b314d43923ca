package io.text2video.standalone.cli;

import io.text2video.common.model.LoraRecipe;
import io.text2video.standalone.bench.BenchMachine;
import io.text2video.standalone.bench.BenchReport;
import io.text2video.standalone.bench.BenchSettings;
import io.text2video.standalone.bench.BenchTable;
import io.text2video.standalone.bench.Benchmark;
import io.text2video.standalone.bench.InterruptionBenchmark;
import io.text2video.worker.app.PipelineFlags;
import io.text2video.worker.hub.ModelLocation;
import io.text2video.worker.kernels.ChosenPaths;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.GenerationParameters;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a generation takes here. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Loads a model, draws with it a few times, and prints the seconds and the memory of each stage.",
            "Each generation has other words, so that each encodes its prompts. What is printed is the fastest one's.",
            "Where nothing else is said: " + BenchCommand.STEPS + " steps, " + BenchCommand.FRAMES + " frames, "
                    + BenchCommand.WIDTH + "x" + BenchCommand.HEIGHT + ", seed " + BenchCommand.SEED + "."
        },
        footer = {
            "",
            "Examples:",
            "  text2video bench --model CogVideoX-2b --steps 10 --threads 8",
            "  text2video bench --frames 9 --repeat 5 --json -",
            "  text2video bench --interrupt 20 --height 480 --width 720 --frames 49"
        })
final class BenchCommand implements Callable<Integer> {
    static final int SEED = 0;
    static final int STEPS = 4;
    static final int FRAMES = 17;
    static final int HEIGHT = 240;
    static final int WIDTH = 352;

    /** What the report says elsewhere. */
    private static final Set<String> REPORTED = Set.of(
            "--model",
            "--device",
            "--json",
            "--prompt",
            "--repeat",
            "--warmup",
            "--threads",
            "--steps",
            "--frames",
            "--height",
            "--width",
            "--guidance-scale");

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            defaultValue = "A beautiful waterfall in a forest",
            description = "What to draw. Default: ${DEFAULT-VALUE}.")
    String prompt;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "3",
            description = "Generations that count. Default: ${DEFAULT-VALUE}.")
    int repeat;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "1",
            description = "Generations before the first that counts. Default: ${DEFAULT-VALUE}.")
    int warmup;

    @Option(
            names = "--interrupt",
            paramLabel = "N",
            description =
                    "Interrupt N generations instead, at moments of their first steps and of their decoding, and print"
                            + " how long each went on.")
    Integer interrupt;

    @Option(
            names = "--within",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "With --interrupt: the latest moment of a stage. Default: ${DEFAULT-VALUE}.")
    int within;

    @Mixin
    SharedOptions.JsonFile json = new SharedOptions.JsonFile();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    PipelineFlags.Threads threads = new PipelineFlags.Threads();

    @Mixin
    GenerationOptions generation = new GenerationOptions();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        checkUsage();
        threads.apply();
        generation.fillIn(STEPS, FRAMES, HEIGHT, WIDTH, SEED);
        ModelLocation location = model.location();
        Map<String, LoraRecipe> recipes = model.recipes(location, generation);
        if (interrupt != null) {
            interrupt(location, recipes);
            return 0;
        }
        Benchmark.Outcome outcome;
        try (var progress = new ProgressDisplay("bench")) {
            outcome = new Benchmark(warmup, repeat)
                    .run(
                            () -> model.load(location, generation),
                            pipeline -> generation.resolve(prompt, pipeline.defaults(), recipes),
                            (run, runs) -> (step, steps) ->
                                    progress.show((long) run * steps + step, (long) runs * steps, state(run)));
        }
        print(new BenchReport(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                spec.root().version()[0],
                BenchReport.commit(System.getProperty("text2video.home", "")),
                BenchMachine.here(),
                settings(location, outcome),
                outcome.measurement()));
        return 0;
    }

    private void interrupt(ModelLocation location, Map<String, LoraRecipe> recipes) throws IOException {
        try (CogVideoXPipeline pipeline = model.load(location, generation)) {
            GenerationParameters drawn = generation.resolve(prompt, pipeline.defaults(), recipes);
            new InterruptionBenchmark(pipeline, location.directory(), drawn, Duration.ofSeconds(within))
                    .run(interrupt, spec.commandLine().getOut());
        }
    }

    private void checkUsage() {
        if (repeat < 1) {
            throw new ParameterException(spec.commandLine(), "--repeat must be positive, but is " + repeat);
        }
        if (warmup < 0) {
            throw new ParameterException(spec.commandLine(), "--warmup must not be negative, but is " + warmup);
        }
        if (interrupt != null && (interrupt < 1 || within < 1)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--interrupt and --within must be positive, but are %d and %d".formatted(interrupt, within));
        }
        if (interrupt != null && json.file != null) {
            throw new ParameterException(spec.commandLine(), "--interrupt prints its figures; leave --json out");
        }
        json.check();
    }

    private String state(int run) {
        return run < warmup ? "warming up" : "%d of %d".formatted(run - warmup + 1, repeat);
    }

    private BenchSettings settings(ModelLocation location, Benchmark.Outcome outcome) {
        GenerationParameters drawn = outcome.parameters();
        Map<String, String> flags = new TreeMap<>();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            String name = option.names()[0];
            if (!REPORTED.contains(name)) {
                flags.put(name, String.join(" ", option.originalStringValues()));
            }
        }
        return new BenchSettings(
                location.id(),
                drawn.numInferenceSteps(),
                drawn.numFrames(),
                drawn.height(),
                drawn.width(),
                drawn.guidanceScale(),
                model.pipeline.device().toString(),
                outcome.computeType().label(),
                outcome.threads(),
                warmup,
                repeat,
                outcome.cpuPaths().map(chosen -> chosen.paths().toString()).orElse(null),
                outcome.cpuPaths().map(ChosenPaths::ratios).orElse(Map.of()),
                flags);
    }

    private void print(BenchReport report) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (!json.isPrinted()) {
            new BenchTable(report).print(out);
        }
        json.write(report);
    }
}
