package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where half precision would lose what the result needs, and what is done against it. */
class HalfPrecisionKernelsTest {
    private static final float LARGEST_FP16 = 65504;

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
    void shouldRoundAProductOnce(DType half) {
        // Given numbers that half precision holds, whose products it does not
        Tensor x = TensorKernels.cast(scope, random(1, 3, 64), half);
        Tensor weight = TensorKernels.cast(scope, random(2, 32, 64), half);
        Tensor bias = TensorKernels.cast(scope, random(3, 32), half);
        Tensor frames = TensorKernels.cast(scope, random(4, 1, 8, 3, 6, 6), half);
        Tensor conv = TensorKernels.cast(scope, random(5, 32, 8, 1, 3, 3), half);

        // When
        Tensor linear = scope.call("linear", x, new LayerWeight(List.of(weight, bias)));
        Tensor convolution = convolve(frames, conv, bias);

        // Then they differ by half a last digit from what fp32 gives, and by little more where sums are ordered
        // otherwise
        double digit = half == DType.F16 ? 0x1p-11 : 0x1p-8;
        assertNear(
                linear, half, digit, scope.call("linear", wide(x), new LayerWeight(List.of(wide(weight), wide(bias)))));
        assertNear(convolution, half, digit, convolve(wide(frames), wide(conv), wide(bias)));
    }

    @Test
    void shouldKeepT5sFeedForwardFiniteBeyondFp16() {
        // Given a network whose feed-forward adds up to a million
        int width = 8;
        Tensor x = cast(filled(1, 1, 2, width));
        Tensor norm = cast(filled(1, width));
        LayerWeight gate = layer(filled(50, 4, width));
        LayerWeight up = layer(filled(20, 4, width));
        LayerWeight down = layer(filled(4, width, 4));

        // When
        Tensor y = scope.call("t5_feed_forward", x, norm, gate, up, down, 0.0);
        Tensor normed = scope.call("rms_norm", y, norm, 0.0);

        // Then
        assertThat(TensorKernels.dtype(scope, y)).isEqualTo(DType.F32);
        assertThat(TensorKernels.toFloats(scope, y)).containsOnly(1 + 4 * 4 * (50 * width) * (20 * width));
        assertThat(TensorKernels.dtype(scope, normed)).isEqualTo(DType.F16);
        assertThat(TensorKernels.toFloats(scope, normed)).containsOnly(1);
    }

    @Test
    void shouldLimitWhatT5sAttentionMakesInFp16() {
        // Given a residual near the end of fp16's range, and one within it
        int width = 8;
        Tensor one = cast(filled(1, width));
        LayerWeight large = layer(filled(1000, width, width));
        Tensor bias = cast(filled(0, 1, 1, 2, 2));

        // When
        Tensor beyond = attention(cast(filled(LARGEST_FP16, 1, 2, width)), one, large, bias);
        Tensor within = attention(cast(filled(LARGEST_FP16, 1, 2, width)), one, layer(filled(0, width, width)), bias);

        // Then: transformers leaves 1000 for what is added next
        assertThat(TensorKernels.toFloats(scope, beyond))
                .containsOnly(TensorKernels.toFloats(scope, cast(filled(LARGEST_FP16 - 1000, 1)))[0]);
        assertThat(TensorKernels.toFloats(scope, within)).containsOnly(LARGEST_FP16);
    }

    @Test
    void shouldBlendTilesWithoutChangingWhatTheyAgreeOn() {
        // Given two tiles of one brightness, which thirds of bf16 would not add up to
        Tensor tile = TensorKernels.cast(scope, filled(0.75f, 1, 3, 1, 6, 6), DType.BF16);

        // When
        Tensor blended = scope.call("blend", tile, tile, 3, 4);

        // Then
        assertThat(TensorKernels.dtype(scope, blended)).isEqualTo(DType.BF16);
        assertThat(TensorKernels.toFloats(scope, blended)).containsOnly(0.75f);
    }

    @ParameterizedTest
    @CsvSource({
        "-1,        0",
        "-5,        0",
        "-0.992157, 1", // 2/255 above -1
        "0,       128",
        "1,       255",
        "9,       255",
        "NaN,      -1",
        "Infinity, -1",
        "-Infinity,-1"
    })
    void shouldFindTheBrightestByteAndWhatIsNotFinite(float value, int expected) {
        for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16)) {
            float[] pixels = new float[24];
            Arrays.fill(pixels, -1);
            pixels[17] = value;
            Tensor decoded = TensorKernels.cast(scope, TensorKernels.ofFloats(scope, pixels, 1, 3, 2, 2, 2), dtype);

            assertThat(scope.callForLong("brightest_byte", decoded))
                    .as("%s in %s", value, dtype)
                    .isEqualTo(expected);
        }
    }

    private Tensor attention(Tensor x, Tensor norm, LayerWeight out, Tensor bias) {
        return scope.call("t5_attention", x, norm, out, out, out, out, bias, 0.0);
    }

    private Tensor convolve(Tensor x, Tensor conv, Tensor bias) {
        return scope.call(
                "convolution", x, new LayerWeight(List.of(conv, bias)), new long[] {0, 1, 1}, new long[] {1, 1, 1});
    }

    private void assertNear(Tensor actual, DType dtype, double digit, Tensor expected) {
        assertThat(TensorKernels.dtype(scope, actual)).isEqualTo(dtype);
        float[] actuals = TensorKernels.toFloats(scope, actual);
        float[] exact = TensorKernels.toFloats(scope, expected);
        double largest = 0;
        for (int i = 0; i < exact.length; i++) {
            largest = Math.max(largest, Math.abs(actuals[i] - exact[i]) / Math.max(Math.abs(exact[i]), 1e-2));
        }
        assertThat(largest).as("largest relative difference").isLessThanOrEqualTo(1.01 * digit);
    }

    private Tensor wide(Tensor x) {
        return TensorKernels.cast(scope, x, DType.F32);
    }

    private Tensor cast(Tensor x) {
        return TensorKernels.cast(scope, x, DType.F16);
    }

    private LayerWeight layer(Tensor weight) {
        return new LayerWeight(List.of(cast(weight)));
    }

    private Tensor filled(float value, long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.fill(values, value);
        return TensorKernels.ofFloats(scope, values, shape);
    }

    private Tensor random(long seed, long... shape) {
        try (Generator generator = Generator.seeded(scope, seed)) {
            return generator.randn(scope, DType.F32, shape);
        }
    }
}
