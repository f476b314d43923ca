package io.text2video.worker.quantization;

import java.io.IOException;
import java.nio.file.Path;

/** A checkpoint was quantized before, and another scheme is asked for than it was quantized by. */
public final class QuantizationConflictException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param directory of the component
     * @param stored what its files hold
     * @param wanted what was asked for
     */
    public QuantizationConflictException(Path directory, Component component, Scheme stored, Scheme wanted) {
        super(
                "%s: its weights are stored as %s, but %s is asked for; leave the quantization out, say %s=%s, or quantize the checkpoint of floats"
                        .formatted(
                                directory,
                                stored,
                                wanted == Scheme.NONE ? "none of " + component.label() : wanted,
                                component.label(),
                                stored));
    }
}
