package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.text2video.worker.kernels.QuantizationKernels.Quantized;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Codes, scales and products against plain loops in double precision. */
class QuantizationKernelsTest {
    private static final int TOKENS = 37;
    private static final int IN = 129;
    private static final int OUT = 70;

    private Kernels kernels = Kernels.load();
    private MemoryScope scope = kernels.openScope();

    @AfterEach
    void free() {
        kernels.close();
    }

    @Test
    void shouldRoundHalfToEvenAndSaturateNowhere() {
        // Given: a scale of one in each channel, then one of two
        float[] weight = {127, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -254, 1, 3, 5, -1, -3};

        // When
        Quantized made = QuantizationKernels.quantize(scope, tensor(weight, 2, 6), DType.I8);

        // Then
        assertThat(floats(made.scale())).containsExactly(1, 2);
        assertThat(floats(made.codes())).containsExactly(127, 0, 2, 2, 0, -2, -127, 0, 2, 2, 0, -2);
    }

    @ParameterizedTest
    @CsvSource({"I8, 127", "F8_E4M3, 448"})
    void shouldScaleEachChannelByItsLargestValue(DType codes, float largest) {
        // Given: channels of very different sizes, in a convolution's shape
        float[] weight = floats(random(1, OUT, IN));
        for (int i = 0; i < weight.length; i++) {
            weight[i] *= (float) Math.pow(10, i / IN % 7 - 3);
        }

        // When
        Quantized made = QuantizationKernels.quantize(scope, tensor(weight, OUT, 43, 3, 1), codes);

        // Then
        assertThat(made.codes().shape()).containsExactly(OUT, 43, 3, 1);
        assertThat(made.scale().shape()).containsExactly(OUT, 1, 1, 1);
        float[] scale = floats(made.scale());
        float[] code = floats(made.codes());
        for (int row = 0; row < OUT; row++) {
            double amax = 0;
            for (int i = 0; i < IN; i++) {
                amax = Math.max(amax, Math.abs(weight[row * IN + i]));
            }
            assertThat(scale[row]).isCloseTo((float) (amax / largest), within((float) (amax * 1e-8)));
            for (int i = 0; i < IN; i++) {
                float wanted = weight[row * IN + i];
                // e4m3 keeps three bits after the leading one; below 2⁻⁶ it steps by 2⁻⁹.
                double bound = codes == DType.I8
                        ? 0.5 * scale[row]
                        : Math.max(Math.abs(wanted) / 16, scale[row] * Math.pow(2, -10));
                assertThat((double) code[row * IN + i] * scale[row]).isCloseTo(wanted, within(bound * 1.0001));
            }
        }
    }

    @Test
    void shouldGiveAChannelOfZerosAScale() {
        // When
        Quantized made = QuantizationKernels.quantize(scope, tensor(new float[4], 2, 2), DType.I8);

        // Then
        assertThat(floats(made.codes())).containsOnly(0);
        assertThat(floats(made.scale())[0]).isPositive();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldMultiplyRoundedInputsAsALoopDoes(boolean integers) {
        // Given
        boolean exact = scope.callForLong("integers_are_exact") == 1;
        kernels.close();
        kernels = Kernels.load(new CpuPaths(true, true, true, true, integers && exact));
        scope = kernels.openScope();
        Tensor x = random(1, TOKENS, IN);
        Tensor bias = random(2, OUT);
        Quantized weight = QuantizationKernels.quantize(scope, random(3, OUT, IN), DType.I8);

        // When
        Tensor y = scope.call("linear", x, rounding(weight, bias));

        // Then
        double[] expected = rounded(floats(x), floats(weight.codes()), floats(weight.scale()), floats(bias));
        assertClose(floats(y), expected, 2e-6);
        assertClose(floats(scope.call("gelu_linear", x, rounding(weight, bias))), gelu(expected), 2e-6);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "BF16", "F16"})
    void shouldComputeInTheTypeOfItsInput(DType compute) {
        // Given
        Tensor x = TensorKernels.cast(scope, random(1, 2, TOKENS, IN), compute);
        Tensor bias = TensorKernels.cast(scope, random(2, OUT), compute);
        Tensor floats = random(3, OUT, IN);
        Quantized weight = QuantizationKernels.quantize(scope, floats, DType.I8);

        // When
        Tensor rounded = scope.call("linear", x, rounding(weight, bias));
        Tensor widened = scope.call("linear", x, LayerWeight.quantized(weight.codes(), bias, weight.scale()));

        // Then
        Tensor exact = scope.call("linear", TensorKernels.cast(scope, x, DType.F32), plain(floats, bias));
        for (Tensor y : List.of(rounded, widened)) {
            assertThat(TensorKernels.dtype(scope, y)).isEqualTo(compute);
            assertThat(y.shape()).containsExactly(2, TOKENS, OUT);
            assertThat(relativeError(floats(y), floats(exact))).isLessThan(0.015);
        }
    }

    @Test
    void shouldKeepARowThatIsNotFiniteFromPassingAsANumber() {
        // Given
        float[] x = floats(random(1, 4, IN));
        x[5] = Float.NaN;
        x[IN + 5] = Float.POSITIVE_INFINITY;
        Quantized weight = QuantizationKernels.quantize(scope, random(3, OUT, IN), DType.I8);

        // When
        float[] y = floats(scope.call("linear", tensor(x, 4, IN), rounding(weight, random(2, OUT))));

        // Then
        for (int i = 0; i < y.length; i++) {
            assertThat(Float.isFinite(y[i])).as("output %d", i).isEqualTo(i >= 2 * OUT);
        }
    }

    @Test
    void shouldAddLowRankTermsAfterTheProductOfCodes() {
        // Given
        Quantized weight = QuantizationKernels.quantize(scope, random(3, OUT, IN), DType.I8);
        LayerWeight base = rounding(weight, TensorKernels.ofFloats(scope, new float[0], 0));
        Tensor x = random(1, TOKENS, IN);
        Tensor down = random(4, 3, IN);
        Tensor up = random(5, OUT, 3);

        // When
        Tensor adapted = scope.call("linear", x, base.withLowRank(List.of(down, up), tensor(new float[0], 0)));

        // Then
        Tensor term = scope.call("linear", scope.call("linear", x, plain(down)), plain(up));
        Tensor expected = TensorKernels.add(scope, scope.call("linear", x, base), term);
        assertClose(floats(adapted), floats(expected), 1e-5);
    }

    /** Each row by its largest magnitude to 127, half to even, then integers, then both scales and the bias. */
    private static double[] rounded(float[] x, float[] codes, float[] scale, float[] bias) {
        double[] y = new double[TOKENS * OUT];
        for (int row = 0; row < TOKENS; row++) {
            float largest = 0;
            for (int i = 0; i < IN; i++) {
                largest = Math.max(largest, Math.abs(x[row * IN + i]));
            }
            for (int out = 0; out < OUT; out++) {
                long sum = 0;
                for (int i = 0; i < IN; i++) {
                    long code = (long) Math.rint(x[row * IN + i] * (1 / largest * 127));
                    sum += code * (long) codes[out * IN + i];
                }
                y[row * OUT + out] = sum * (largest / 127.0) * scale[out] + bias[out];
            }
        }
        return y;
    }

    private static double[] gelu(double... x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x[i] + 0.044715 * Math.pow(x[i], 3))));
        }
        return y;
    }

    private LayerWeight rounding(Quantized weight, Tensor bias) {
        return LayerWeight.quantized(weight.codes(), bias, TensorKernels.reshape(scope, weight.scale(), OUT));
    }

    private LayerWeight plain(Tensor weight, Tensor bias) {
        return new LayerWeight(List.of(weight, TensorKernels.cast(scope, bias, DType.F32)));
    }

    private static LayerWeight plain(Tensor weight) {
        return new LayerWeight(List.of(weight));
    }

    private static void assertClose(float[] actual, double[] expected, double tolerance) {
        assertClose(actual, toFloats(expected), tolerance);
    }

    private static void assertClose(float[] actual, float[] expected, double tolerance) {
        assertThat(relativeError(actual, expected))
                .as("norm of the difference by the norm of what is expected")
                .isLessThan(tolerance);
    }

    private static double relativeError(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < actual.length; i++) {
            difference += Math.pow((double) actual[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / norm);
    }

    private static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private Tensor tensor(float[] values, long... shape) {
        return TensorKernels.ofFloats(scope, values, shape);
    }

    private float[] floats(Tensor x) {
        return TensorKernels.toFloats(scope, x);
    }

    private Tensor random(long seed, long... shape) {
        try (Generator generator = Generator.seeded(scope, seed)) {
            return generator.randn(scope, DType.F32, shape);
        }
    }
}
