package io.text2video.worker.device;

import io.text2video.worker.kernels.Libtorch;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;

/** What people are told of a machine's devices, a line for each question. */
public record DeviceReport(Gpus found, Libtorch torch) {
    private static final double GIB = 1L << 30;

    /** Asks the driver. */
    public static DeviceReport ofThisMachine() {
        return new DeviceReport(Gpus.ofThisMachine(), Libtorch.ofThisProcess());
    }

    /** Which GPUs there are and how many bytes of theirs are free, or why there is none; and the driver. */
    public String gpus() {
        String driver =
                found.driver().map(cuda -> "; the driver serves CUDA " + cuda).orElse("");
        return found.reason()
                .map(reason -> "none: " + reason + driver)
                .orElseGet(() ->
                        found.found().stream().map(DeviceReport::describe).collect(Collectors.joining("; ")) + driver);
    }

    /** Which libtorch computes, and what it is built for. */
    public String libtorch() {
        return "%s for %s, %s"
                .formatted(
                        torch.version(),
                        torch.flavor(),
                        torch.directory().map(Path::toString).orElse("the one that comes with the project"));
    }

    /** What is taken where nothing is asked for, and why not a GPU. */
    public String choice() {
        DeviceChoice choice = DeviceChoice.of(DeviceRequest.AUTO, found, torch);
        return "--device auto takes %s: %s".formatted(choice, choice.reason());
    }

    private static String describe(Gpu gpu) {
        return String.format(
                Locale.ROOT,
                "cuda:%d %s, %.1f GiB, %s, compute capability %s%s",
                gpu.index(),
                gpu.name(),
                gpu.memory() / GIB,
                free(gpu),
                gpu.capability(),
                gpu.multipliesBf16() ? "" : " (no bf16)");
    }

    private static String free(Gpu gpu) {
        return Gpus.memory(gpu)
                .map(now -> String.format(Locale.ROOT, "%.1f GiB free", now.free() / GIB))
                .orElse("the driver does not tell what is free");
    }
}
