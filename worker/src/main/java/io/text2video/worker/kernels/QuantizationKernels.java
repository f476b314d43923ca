package io.text2video.worker.kernels;

import java.util.List;

/** Weights as codes of a byte with a scale for each output channel. */
public final class QuantizationKernels {
    /** The largest code; −128 is left out, so that the range is symmetric. */
    private static final double LARGEST_I8 = 127;

    /** The largest finite value of e4m3. */
    private static final double LARGEST_F8 = 448;

    private QuantizationKernels() {}

    /**
     * A weight w ≈ codes · scale.
     *
     * @param codes of the weight's shape
     * @param scale [out, 1, …] in fp32, with as many dimensions; above zero where the weight is finite
     */
    public record Quantized(Tensor codes, Tensor scale) {}

    /**
     * Quantizes a weight a channel at a time, by the largest magnitude of each: half a code is rounded to the even one.
     *
     * @param weight [out, …] of any dtype of floats; only a part of it at once is widened
     * @param codes {@link DType#I8} or {@link DType#F8_E4M3}
     */
    public static Quantized quantize(MemoryScope scope, Tensor weight, DType codes) {
        if (codes != DType.I8 && codes != DType.F8_E4M3) {
            throw new IllegalArgumentException("codes are I8 or F8_E4M3, not " + codes);
        }
        List<Tensor> parts = scope.callForTuple("quantize", weight, codes, codes == DType.I8 ? LARGEST_I8 : LARGEST_F8);
        return new Quantized(parts.get(0), parts.get(1));
    }
}
