package io.text2video.standalone.bench;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A report for people. */
public record BenchTable(BenchReport report) {
    private static final double MIB = 1 << 20;

    /** Prints it. */
    public void print(PrintWriter out) {
        BenchSettings settings = report.settings();
        Measurement measured = report.measurement();
        line(
                out,
                "%s at %s: %s, %dx%d, %d frames, %d steps, guidance %s, %s on %s, %d threads",
                report.version(),
                report.commit() == null ? "no commit" : report.commit(),
                settings.model(),
                settings.width(),
                settings.height(),
                settings.numFrames(),
                settings.numInferenceSteps(),
                settings.guidanceScale(),
                settings.dtype(),
                settings.device(),
                settings.threads());
        settings.flags().forEach((flag, value) -> line(out, "  %s %s", flag, value));
        BenchMachine machine = report.machine();
        line(out, "%s, %d cores, %.1f GiB", machine.cpu(), machine.cores(), machine.memoryBytes() / MIB / 1024);
        if (settings.cpuPaths() != null) {
            line(out, "CPU paths %s", settings.cpuPaths());
            settings.cpuPathRatios().forEach((part, times) -> line(out, "  %-11s %s", part, times));
        }
        line(out, "");
        line(out, "seconds, of the fastest of %d, after %d to warm up", settings.repeat(), settings.warmup());
        line(out, "  %-8s %9.3f", "engine", measured.engineS());
        line(out, "  %-8s %9.3f", "load", measured.loadS());
        row(out, "encode", Timing::encodeS);
        row(out, "step", Timing::stepS);
        row(out, "denoise", Timing::denoiseS);
        row(out, "decode", Timing::decodeS);
        row(out, "total", Timing::totalS);
        line(out, "");
        line(out, "peak MiB       resident anonymous      file");
        for (MeasuredStageMemory stage : measured.memory()) {
            line(
                    out,
                    "  %-12s %9.0f %9.0f %9.0f",
                    stage.stage(),
                    stage.peakRssBytes() / MIB,
                    stage.peakAnonymousBytes() / MIB,
                    stage.peakFileBytes() / MIB);
        }
        line(out, "  %-12s %9.0f", "all", measured.peakRssBytes() / MIB);
        if (measured.peakGpuBytes() != null) {
            line(out, "  %-12s %9.0f", "GPU", measured.peakGpuBytes() / MIB);
        }
        out.flush();
    }

    private void row(PrintWriter out, String name, ToDoubleFunction<Timing> figure) {
        List<Timing> runs = report.measurement().runs();
        line(
                out,
                "  %-8s %9.3f  (%.3f to %.3f)",
                name,
                figure.applyAsDouble(report.measurement().fastest()),
                runs.stream().mapToDouble(figure).min().orElseThrow(),
                runs.stream().mapToDouble(figure).max().orElseThrow());
    }

    private static void line(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
