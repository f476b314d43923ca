package io.text2video.worker.kernels;

import java.util.List;

/** Weights as codes of a byte with a scale for each output channel, and products with such codes. */
public final class QuantizationKernels {
    /** The largest code; −128 is left out, so that the range is symmetric. */
    private static final double LARGEST_I8 = 127;

    /** The largest finite value of e4m3. */
    private static final double LARGEST_F8 = 448;

    /** Of a product that takes longer than its call, and not long on a CPU that takes a plain loop. */
    private static final int PROBED_TOKENS = 64;

    private static final int PROBED_WIDTH = 512;
    private static final int PROBES = 5;

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

    /**
     * Finds out how this machine is to multiply codes, for all kernels of the scope: as integers where that is exact and
     * no loop, as with VNNI on x86; else as floats. A matter of milliseconds. Without it they are multiplied as floats.
     *
     * @return whether integers are used
     */
    public static boolean chooseProduct(MemoryScope scope) {
        try (MemoryScope own = scope.open()) {
            boolean use = exact(own) && fast(own);
            own.callForLong("use_integers", use);
            return use;
        }
    }

    private static boolean exact(MemoryScope scope) {
        try {
            return scope.callForLong("integers_are_exact") == 1;
        } catch (KernelException noneOnThisMachine) {
            return false;
        }
    }

    private static boolean fast(MemoryScope scope) {
        Tensor codes = zeros(scope, PROBED_TOKENS);
        Tensor weight = zeros(scope, PROBED_WIDTH);
        // A plain loop takes tens of times as long; a busy machine may well double what a product takes.
        return fastest(scope, codes, weight, true) < 2 * fastest(scope, codes, weight, false);
    }

    private static Tensor zeros(MemoryScope scope, int rows) {
        float[] values = new float[rows * PROBED_WIDTH];
        return TensorKernels.cast(scope, TensorKernels.ofFloats(scope, values, rows, PROBED_WIDTH), DType.I8);
    }

    private static long fastest(MemoryScope scope, Tensor codes, Tensor weight, boolean integers) {
        scope.callForLong("use_integers", integers);
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < PROBES; i++) {
            long start = System.nanoTime();
            scope.call("code_sums", codes, weight).free();
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return fastest;
    }
}
