package io.text2video.worker.pipeline;

import io.text2video.worker.device.Gpu;
import java.io.IOException;
import java.nio.file.Path;

/** A checkpoint whose values the wanted compute type cannot hold, or a device that does not compute in it. */
public final class UnfitComputeTypeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ComputeType wanted;

    private UnfitComputeTypeException(ComputeType wanted, String message) {
        super(message);
        this.wanted = wanted;
    }

    /** The checkpoint is published in bf16. */
    static UnfitComputeTypeException range(Path modelDirectory, ComputeType wanted) {
        return new UnfitComputeTypeException(
                wanted,
                "%s is published in bf16, whose values exceed the range of %s: its videos would be black; run it in bf16 or fp32 (--dtype or WORKER_DTYPE)"
                        .formatted(modelDirectory, wanted));
    }

    /**
     * The GPU does not multiply bf16.
     *
     * @param fitsFp16 whether the checkpoint's values do
     */
    static UnfitComputeTypeException device(Path modelDirectory, Gpu gpu, boolean fitsFp16) {
        return new UnfitComputeTypeException(
                ComputeType.BF16,
                "%s cannot run in bf16 on cuda:%d: %s has compute capability %s, and bf16 wants 8.0 (Ampere) or later; run it in %s (--dtype or WORKER_DTYPE), or on another GPU"
                        .formatted(
                                modelDirectory,
                                gpu.index(),
                                gpu.name(),
                                gpu.capability(),
                                fitsFp16 ? "fp16 or fp32" : "fp32"));
    }

    /** What was asked for, or would be taken by itself. */
    public ComputeType wanted() {
        return wanted;
    }
}
