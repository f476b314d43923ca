package io.text2video.worker.kernels;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Which of a GPU's ways the loaded libtorch has: each is tried on small tensors, since a compute capability does not tell what
 * a build was made for. A matter of a second, at load.
 */
final class CudaProbe {
    private static final Logger LOG = Logger.getLogger(CudaProbe.class);

    /** A multiple of what every kernel wants, and a width of a head. */
    private static final int SIZE = 64;

    private CudaProbe() {}

    /** Of some ways those that work. */
    static CudaPaths usable(Device gpu, CudaPaths wanted) {
        return new CudaPaths(
                wanted.fp8Products()
                        && works(gpu, new CudaPaths(true, false, false), "fp8 products", CudaProbe::multiplyFp8),
                wanted.flashAttention()
                        && works(gpu, new CudaPaths(false, true, false), "flash attention", s -> attend(s, DType.BF16)),
                wanted.efficientAttention()
                        && works(
                                gpu,
                                new CudaPaths(false, false, true),
                                "memory-efficient attention",
                                s -> attend(s, DType.F32)));
    }

    private static boolean works(Device gpu, CudaPaths one, String name, Consumer<MemoryScope> kernel) {
        try (Kernels kernels = Kernels.load(gpu, one);
                MemoryScope scope = kernels.openScope()) {
            kernel.accept(scope);
            return true;
        } catch (KernelException e) {
            LOG.warnf("libtorch has no %s here, does without device=%s cause=%s", name, gpu, firstLine(e));
            return false;
        }
    }

    private static void multiplyFp8(MemoryScope scope) {
        Tensor weight = ones(scope, DType.F8_E4M3, SIZE, SIZE);
        Tensor noBias = TensorKernels.cast(scope, TensorKernels.ofFloats(scope, new float[0], 0), DType.BF16);
        var layer = LayerWeight.quantized(weight, noBias, ones(scope, DType.F32, SIZE, 1));
        TensorKernels.toBytes(scope, scope.call("linear", ones(scope, DType.BF16, SIZE, SIZE), layer));
    }

    private static void attend(MemoryScope scope, DType dtype) {
        Tensor x = ones(scope, dtype, 1, SIZE, 1, SIZE);
        TensorKernels.toBytes(scope, scope.call("attention", x, x, x, 1.0));
    }

    private static Tensor ones(MemoryScope scope, DType dtype, long... shape) {
        int count = 1;
        for (long size : shape) {
            count *= (int) size;
        }
        float[] floats = new float[count];
        Arrays.fill(floats, 1);
        return TensorKernels.cast(scope, TensorKernels.ofFloats(scope, floats, shape), dtype);
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
