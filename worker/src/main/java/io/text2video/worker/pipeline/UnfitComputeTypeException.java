package io.text2video.worker.pipeline;

import java.io.IOException;
import java.nio.file.Path;

/** A checkpoint whose values the wanted compute type cannot hold. */
public final class UnfitComputeTypeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ComputeType wanted;

    UnfitComputeTypeException(Path modelDirectory, ComputeType wanted, String published) {
        super(
                "%s is published in %s, whose values exceed the range of %s: its videos would be black; run it in bf16 or fp32 (--dtype or WORKER_DTYPE)"
                        .formatted(modelDirectory, published, wanted));
        this.wanted = wanted;
    }

    /** What was asked for. */
    public ComputeType wanted() {
        return wanted;
    }
}
