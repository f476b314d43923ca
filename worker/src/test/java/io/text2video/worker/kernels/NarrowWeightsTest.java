package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A weight that is widened as it is used gives bit by bit what one that was widened before does. */
class NarrowWeightsTest {
    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();

    @AfterEach
    void free() {
        kernels.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F16", "BF16"})
    void shouldComputeTheSame(DType narrow) {
        assertSame(narrow, weight -> scope.call("linear", random(1, 2, 3, 8), layer(weight, 6)), 6, 8);
        assertSame(
                narrow,
                weight -> scope.call(
                        "convolution", random(1, 1, 4, 3, 5, 5), layer(weight, 6), new long[] {0, 1, 1}, new long[] {
                            1, 1, 1
                        }),
                6,
                4,
                3,
                3,
                3);
        assertSame(
                narrow,
                weight -> scope.call(
                        "patch_embed",
                        random(1, 1, 2, 4, 4, 6),
                        random(2, 1, 3, 8),
                        List.of(),
                        layer(weight, 6),
                        layer(TensorKernels.cast(scope, random(3, 6, 8), narrow), 6),
                        2,
                        1),
                6,
                4,
                2,
                2);
        assertSame(
                narrow,
                weight -> scope.call("time_embedding", random(1, 1, 8), layer(weight, 8), layer(weight, 8)),
                8,
                8);
        assertSame(
                narrow,
                weight -> scope.call(
                        "t5_embed", TensorKernels.ofLongs(scope, new long[] {3, 0}, 1, 2), weight, DType.F32),
                4,
                8);
    }

    private void assertSame(DType narrow, Function<Tensor, Tensor> kernel, long... shape) {
        // Given
        Tensor stored = TensorKernels.cast(scope, random(0, shape), narrow);

        // When
        Tensor actual = kernel.apply(stored);

        // Then
        Tensor expected = kernel.apply(TensorKernels.cast(scope, stored, DType.F32));
        assertThat(TensorKernels.dtype(scope, actual)).isEqualTo(DType.F32);
        assertThat(TensorKernels.toFloats(scope, actual)).isEqualTo(TensorKernels.toFloats(scope, expected));
    }

    private LayerWeight layer(Tensor weight, long out) {
        return new LayerWeight(List.of(weight, random(2, out)));
    }

    private Tensor random(long seed, long... shape) {
        try (Generator generator = Generator.seeded(scope, seed)) {
            return generator.randn(scope, DType.F32, shape);
        }
    }
}
