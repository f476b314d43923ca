package io.text2video.standalone.cli;

import io.text2video.standalone.bench.BenchMachine;
import io.text2video.standalone.bench.BenchReport;
import io.text2video.standalone.quality.Comparison;
import io.text2video.standalone.quality.QualityReport;
import io.text2video.standalone.quality.QualityTable;
import io.text2video.standalone.quality.VariantResult;
import io.text2video.worker.app.PipelineFlags;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What it costs in quality to draw faster or smaller. */
@Command(
        name = "quality",
        mixinStandardHelpOptions = true,
        description = {
            "Draws each prompt once as the baseline does and once as each variant does, with the same seeds, and prints how"
                    + " much the videos differ (PSNR, SSIM) and what was gained.",
            "A variant is flags without their dashes, NAME=VALUE with commas between, that change the baseline; --model and"
                    + " the flags of a generation hold for all."
        },
        footer = {
            "",
            "Example:",
            "  text2video quality --prompts bench/prompts-tiny.txt --against quantization=int8 \\",
            "    --against dtype=bf16,cache_threshold=0.1"
        })
final class QualityCommand implements Callable<Integer> {
    @Option(
            names = "--prompts",
            required = true,
            paramLabel = "FILE",
            description = "A prompt a line; empty lines and those that start with # are left out.")
    Path prompts;

    @Option(
            names = "--against",
            required = true,
            paramLabel = "VARIANT",
            description = "What to hold against the baseline. Repeatable.")
    List<String> against;

    @Option(
            names = "--baseline",
            paramLabel = "VARIANT",
            defaultValue = "dtype=fp32,quantization=none,cache_threshold=0",
            description = "What to hold them against. Default: ${DEFAULT-VALUE}.")
    String baseline;

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
        json.check();
        threads.apply();
        DrawingVariant first = variant(baseline);
        List<DrawingVariant> others = against.stream()
                .map(text -> sameSize(first, variant(baseline, text)))
                .toList();
        List<String> texts = read();
        String id = model.location().id();
        double seconds;
        List<VariantResult> results = new ArrayList<>();
        try (var progress = new ProgressDisplay("quality");
                var comparison = new Comparison(
                        texts,
                        generation.seed == null ? 0 : generation.seed,
                        (name, video, videos) -> (step, steps) ->
                                progress.show((long) video * steps + step, (long) videos * steps, name))) {
            seconds = comparison.baseline(first);
            for (DrawingVariant other : others) {
                results.add(comparison.compare(other));
            }
        }
        print(new QualityReport(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                spec.root().version()[0],
                BenchReport.commit(System.getProperty("text2video.home", "")),
                BenchMachine.here(),
                id,
                baseline,
                texts.size(),
                seconds,
                results));
        return 0;
    }

    private DrawingVariant variant(String... texts) {
        return DrawingVariant.of(spec.commandLine().getParseResult(), List.of(texts));
    }

    private DrawingVariant sameSize(DrawingVariant first, DrawingVariant other) {
        GenerationOptions a = first.generation();
        GenerationOptions b = other.generation();
        if (!Objects.equals(a.cost.size.height, b.cost.size.height)
                || !Objects.equals(a.cost.size.width, b.cost.size.width)
                || !Objects.equals(a.cost.size.frames, b.cost.size.frames)
                || !Objects.equals(a.seed, b.seed)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "variant \"%s\": height, width, frames and seed are the same for all: give them as flags"
                            .formatted(other.name()));
        }
        return other;
    }

    private List<String> read() throws IOException {
        if (!Files.isRegularFile(prompts)) {
            throw new ParameterException(spec.commandLine(), "--prompts: no such file: " + prompts);
        }
        List<String> texts = Files.readAllLines(prompts).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        if (texts.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--prompts: there is no prompt in " + prompts);
        }
        return texts;
    }

    private void print(QualityReport report) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (!json.isPrinted()) {
            new QualityTable(report).print(out);
        }
        json.write(report);
    }
}
