package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.rehearsal.Rehearsed;
import org.junit.jupiter.api.Test;

/** A way of a GPU is taken where the capability has it and the build too. */
class CudaProbeTest {
    private static final Device GPU = Device.cuda(0);

    /** The tests' own libtorch is built for the CPU. */
    @Test
    void shouldDoWithoutWhatTheBuildLacks() {
        assertThat(CudaProbe.usable(GPU, new CudaPaths(true, true, true))).isEqualTo(CudaPaths.PLAIN);
    }

    @Test
    @Rehearsed
    void shouldFindWhatTheBuildHas() {
        try (Kernels kernels = Kernels.load(GPU, 9, 0);
                MemoryScope scope = kernels.openScope()) {
            // Given
            Tensor x = TensorKernels.ofFloats(scope, new float[] {1, 2, 3, 4}, 1, 2, 1, 2);

            // When: the scores of each query are equal
            Tensor y = scope.call("attention", TensorKernels.scaled(scope, x, DType.F32, 0), x, x, 1.0);

            // Then
            assertThat(TensorKernels.toFloats(scope, y)).containsExactly(2, 3, 2, 3);
            assertThat(kernels.arithmetic()).contains("device=CUDA", "fp8_products=true attention=flash");
        }
    }

    @Test
    void shouldTryNothingThatTheGpuHasNot() {
        assertThat(CudaPaths.of(7, 5)).isEqualTo(new CudaPaths(false, false, true));
        assertThat(CudaPaths.of(8, 6)).isEqualTo(new CudaPaths(false, true, true));
        assertThat(CudaPaths.of(8, 9)).isEqualTo(new CudaPaths(true, true, true));
    }
}
