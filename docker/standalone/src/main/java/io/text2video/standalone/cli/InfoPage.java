package io.text2video.standalone.cli;

import io.text2video.common.model.ModelLimits;
import io.text2video.worker.config.GenerationConfig;
import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.info.ComponentInfo;
import io.text2video.worker.info.GenerationInfo;
import io.text2video.worker.info.MemoryEstimate;
import io.text2video.worker.info.MemoryRow;
import io.text2video.worker.info.ModelInfo;
import io.text2video.worker.pipeline.ComputeType;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A model's facts for people: at most 100 columns. */
final class InfoPage {
    private static final double MIB = 1 << 20;
    private static final double GIB = 1 << 30;
    private static final String FACT = "  %-12s %s";
    private static final String PART = "  %-13s %16s  %-22s %11s  %s";
    private static final String NEED = "  %-6s %12s %12s %12s %13s %13s %12s  %s";

    private final ModelInfo info;
    private final DeviceChoice device;
    private final Optional<ComputeType> type;
    private final List<Map.Entry<String, String>> job;
    private final StringBuilder page = new StringBuilder();

    /**
     * @param device that it would run on here
     * @param type what it would compute in there by itself; empty where it cannot
     * @param job what a job may be, and how long it takes
     */
    InfoPage(ModelInfo info, DeviceChoice device, Optional<ComputeType> type, List<Map.Entry<String, String>> job) {
        this.info = info;
        this.device = device;
        this.type = type;
        this.job = job;
    }

    void print(PrintWriter out) {
        line("%s: %s", info.modelId(), info.kind());
        model();
        parts();
        generation(info.generation());
        job();
        memory(info.memory());
        out.print(page);
    }

    private void model() {
        line(FACT, "pipeline", info.pipeline() + ", " + info.scheduler());
        line(
                FACT,
                "transformer",
                text(
                        "%d layers of width %,d, %s positions%s",
                        info.layers(),
                        info.width(),
                        info.positions(),
                        info.latentFramesPerPatch() == 1
                                ? ""
                                : text(", patches of %d latent frames", info.latentFramesPerPatch())));
        line(
                FACT,
                info.published() ? "published in" : "stored in",
                info.publishedDtype().label());
        line(
                FACT,
                "computes",
                type.map(known -> text("in %s on %s", known, device))
                        .orElseGet(() -> text("not by itself on %s, which has no bf16: --dtype fp32", device)));
    }

    private void parts() {
        line("");
        line(PART, "component", "parameters", "stored as", "on disk", "files");
        for (ComponentInfo part : info.components()) {
            line(
                    PART,
                    part.name(),
                    count(part.parameters()),
                    part.stored().stream()
                            .map(type -> type.dtype() + " " + size(type.bytes()))
                            .collect(Collectors.joining(", ")),
                    size(part.bytes()),
                    part.files() + (part.sharded() ? " shards" : ""));
        }
        line(PART, "all", count(info.parameters()), "", size(info.bytes()), info.files());
    }

    private void generation(GenerationInfo can) {
        ModelLimits limits = can.limits();
        line("");
        line("What it can be asked for");
        line(
                FACT,
                "size",
                can.oneSize()
                        ? text("%dx%d only: its positions were learned for that", limits.maxWidth(), limits.maxHeight())
                        : text(
                                "width %d to %,d, height %d to %,d, in multiples of %d",
                                limits.minWidth(),
                                limits.maxWidth(),
                                limits.minHeight(),
                                limits.maxHeight(),
                                limits.sizeMultiple()));
        line(
                FACT,
                "frames",
                text(
                        "%dk+1, up to %,d; best %dk+1%s",
                        can.framesPerLatent(),
                        limits.maxFrames(),
                        can.recommendedFrameMultiple(),
                        can.latentFramesPerPatch() == 1
                                ? ""
                                : text("; latent frames are padded to a multiple of %d", can.latentFramesPerPatch())));
        line(FACT, "steps", text("1 to %,d", limits.maxSteps()));
        line(FACT, "prompt", text("%,d tokens", can.textTokens()));
        line(
                FACT,
                "image",
                can.imageRequired()
                        ? "needed: the video starts from it"
                        : can.controlRequired()
                                ? "none: it takes a prompt and a control video"
                                : "none: it takes a prompt alone");
        line(
                FACT,
                "video",
                can.controlRequired()
                        ? "needed: a control video that it draws along, --control-video FILE"
                        : can.imageRequired()
                                ? "may go on with one, --extend FILE"
                                : "may be made from one, --video FILE");
        line(FACT, "trained at", video(can.trained()));
        GenerationConfig defaults = can.defaults();
        line(
                FACT,
                "defaults",
                text(
                        "%s, %d steps, guidance %s%s",
                        video(defaults),
                        defaults.numInferenceSteps(),
                        defaults.guidanceScale(),
                        defaults.useDynamicCfg() ? ", dynamic" : ""));
    }

    private void job() {
        if (!job.isEmpty()) {
            line("");
            line("What a job may be");
            job.forEach(fact -> line(FACT, fact.getKey(), fact.getValue()));
        }
    }

    private void memory(MemoryEstimate memory) {
        line("");
        line(
                "Memory for %dx%d, %d frames (%,d tokens): weights counted, peaks estimated",
                memory.width(), memory.height(), memory.numFrames(), memory.tokens());
        line(NEED, "", "", "", "", "GPU,", "GPU,", "CPU,", "");
        line(NEED, "", "text", "", "", "nothing", "least", "nothing", "runs");
        line(NEED, "kept", "encoder", "transformer", "VAE", "saved", "by plan", "saved", "here");
        for (MemoryRow row : memory.rows()) {
            line(
                    NEED,
                    row.weights().label() + (row.safe() ? "" : "*"),
                    size(row.textEncoder()),
                    size(row.transformer()),
                    size(row.vae()),
                    size(row.gpu()),
                    size(row.gpuLeast()),
                    size(row.hostOnCpu()),
                    row.runsHere() ? "yes, CPU" : "no");
        }
        notes(memory);
    }

    private void notes(MemoryEstimate memory) {
        if (memory.rows().stream().anyMatch(row -> !row.safe())) {
            line("  * unsafe: the model was published in bf16, and its values may exceed fp16's range.");
        }
        line("  int8, fp8: large linears of text encoder and transformer with a scale per output channel;");
        line("  the rest in half precision. What a GPU takes beside tensors is assumed, not yet measured.");
        for (MemoryRow row : memory.rows()) {
            if (row.hostOnCpuMapped() > 0) {
                line(
                        "  CPU, %s: %s of it are mapped files, page cache that the system can drop.",
                        row.weights().label(), size(row.hostOnCpuMapped()));
            }
        }
        line(
                "  Beside a GPU the host takes %s, and up to %s of page cache for the mapped files.",
                size(memory.hostBesideDevice()), size(memory.hostPageCache()));
    }

    private static String video(GenerationConfig config) {
        return "%dx%d, %d frames at %d fps"
                .formatted(config.width(), config.height(), config.numFrames(), config.fps());
    }

    private static String count(long parameters) {
        return text("%,d", parameters);
    }

    /** Binary units, with a digit after the point. */
    private static String size(long bytes) {
        return bytes < GIB ? text("%,.1f MiB", bytes / MIB) : text("%,.1f GiB", bytes / GIB);
    }

    private void line(String format, Object... values) {
        page.append(text(format, values).stripTrailing()).append(System.lineSeparator());
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
