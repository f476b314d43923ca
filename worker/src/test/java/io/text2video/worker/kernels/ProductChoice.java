package io.text2video.worker.kernels;

/** How codes are multiplied now, for tests of who may change that. */
public final class ProductChoice {
    private static final int TOKENS = 64;
    private static final int WIDTH = 512;

    private ProductChoice() {}

    /** Whether codes are multiplied as integers: such sums are no tensor that the engine computes with. */
    public static boolean ofIntegers(MemoryScope parent) {
        try (MemoryScope scope = parent.open()) {
            Tensor sums = scope.call("code_sums", codes(scope, TOKENS), codes(scope, WIDTH));
            TensorKernels.dtype(scope, sums);
            return false;
        } catch (KernelException i32) {
            return true;
        }
    }

    public static void set(MemoryScope scope, boolean integers) {
        scope.callForLong("use_integers", integers);
    }

    private static Tensor codes(MemoryScope scope, int rows) {
        float[] zeros = new float[rows * WIDTH];
        return TensorKernels.cast(scope, TensorKernels.ofFloats(scope, zeros, rows, WIDTH), DType.I8);
    }
}
