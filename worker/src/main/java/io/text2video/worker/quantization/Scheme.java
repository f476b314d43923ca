package io.text2video.worker.quantization;

import io.text2video.worker.kernels.DType;
import java.util.Arrays;
import java.util.Optional;

/** How the weight of a linear, or of a convolution, is kept. */
public enum Scheme {
    /** As floats. */
    NONE("none"),
    /** Weight-only: int8 with a scale per output channel, widened for the one product. */
    INT8WO("int8wo"),
    /** W8A8: the same weights; activations are rounded to int8 as they come, and the product is one of integers. */
    INT8("int8"),
    /** 8-bit floats (e4m3) with a scale per output channel, widened for the one product. */
    FP8("fp8");

    private final String label;

    Scheme(String label) {
        this.label = label;
    }

    /** The name that people and JSON use. */
    public String label() {
        return label;
    }

    /** What a weight's values are stored as. Of {@link #NONE} there is none. */
    public DType codes() {
        return switch (this) {
            case NONE -> throw new IllegalStateException("floats have no codes");
            case INT8WO, INT8 -> DType.I8;
            case FP8 -> DType.F8_E4M3;
        };
    }

    /** Whether weights that are stored for the one serve the other: they are the same codes. */
    public boolean sharesWeights(Scheme other) {
        return this == other || this != NONE && other != NONE && codes() == other.codes();
    }

    /** Whether inputs are rounded as the weights are. */
    public boolean roundsInputs() {
        return this == INT8;
    }

    static Optional<Scheme> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(scheme -> scheme.label.equals(label))
                .findFirst();
    }

    @Override
    public String toString() {
        return label;
    }
}
