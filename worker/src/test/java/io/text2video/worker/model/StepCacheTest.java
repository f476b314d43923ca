package io.text2video.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which steps are computed, with a block that doubles its input and others that make eleven times theirs. */
class StepCacheTest {
    private static final double TOLERANCE = 1e-6;

    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();
    private final List<Float> computed = new ArrayList<>();

    @AfterEach
    void free() {
        kernels.close();
    }

    @Test
    void shouldComputeEveryStepWithoutAThreshold() {
        assertThat(StepCache.of(scope, 0, 5)).isSameAs(StepCache.NONE);
        assertThat(run(0, 1, 1, 1, 1)).containsExactly(22, 22, 22, 22);

        assertThat(computed).containsExactly(1f, 1f, 1f, 1f);
    }

    @Test
    void shouldReuseWhatTheLastComputedStepAddedUntilTheInputHasDriftedFromThatStep() {
        float[] outputs = run(0.25, 8, 9, 9.5f, 10.5f, 11, 7, 7, 7);

        assertThat(computed)
                .as("8; 10.5, off by 2.5 of 8; 7, off by 3.5 of 10.5; the last")
                .containsExactly(8f, 10.5f, 7f, 7f);
        assertThat(outputs)
                .as("22 times what was computed, else twice the input and 20 times what was computed last")
                .containsExactly(176, 178, 179, 231, 232, 154, 154, 154);
    }

    @Test
    void shouldComputeTheFirstAndTheLastStepWhateverTheThreshold() {
        run(1, 4, 4, 4, 4);

        assertThat(computed).containsExactly(4f, 4f);
    }

    @Test
    void shouldComputeOneStepAndTwo() {
        assertThat(run(1, 4)).containsExactly(88);
        assertThat(run(1, 4, 4)).containsExactly(88, 88);

        assertThat(computed).containsExactly(4f, 4f, 4f);
    }

    @Test
    void shouldComputeWhatCannotBeCompared() {
        run(1, 0, 0, Float.NaN, 3, 3, 3);

        assertThat(computed).containsExactly(0f, 0f, Float.NaN, 3f, 3f);
    }

    @Test
    void shouldTellTheChanges() {
        try (StepCache cache = StepCache.of(scope, 0.25, 4)) {
            for (float value : new float[] {8, 9, 10.5f, 11}) {
                step(cache, value);
            }

            assertThat(cache.changes())
                    .containsExactly(new double[] {Double.NaN, 0.125, 0.3125, Double.NaN}, within(TOLERANCE));
            assertThat(cache.reusedSteps()).isEqualTo(1);
        }
    }

    @Test
    void shouldMeasureTheChangeOfAllTokensTogether() {
        // Given more tokens than are taken at a time
        int tokens = 600;
        var random = new Random(1);
        float[] now = new float[2 * tokens * 3];
        float[] past = new float[now.length];
        double change = 0;
        double size = 0;
        for (int i = 0; i < now.length; i++) {
            now[i] = (float) random.nextGaussian();
            past[i] = (float) random.nextGaussian();
            change += Math.abs((double) now[i] - past[i]);
            size += Math.abs(past[i]);
        }

        // When
        double actual = scope.callForDouble(
                "relative_change",
                TensorKernels.ofFloats(scope, now, 2, tokens, 3),
                TensorKernels.ofFloats(scope, past, 2, tokens, 3));

        // Then
        assertThat(actual).isCloseTo(change / size, within(TOLERANCE));
    }

    /** @return what comes of each step */
    private float[] run(double threshold, float... values) {
        float[] outputs = new float[values.length];
        try (StepCache cache = StepCache.of(scope, threshold, values.length)) {
            for (int i = 0; i < values.length; i++) {
                outputs[i] = step(cache, values[i]);
            }
        }
        return outputs;
    }

    private float step(StepCache cache, float value) {
        try (MemoryScope own = scope.open()) {
            // The text's token is to count for nothing.
            float text = -value * value;
            Tensor x = TensorKernels.ofFloats(own, new float[] {text, value}, 1, 2, 1);
            Tensor y = cache.step(own, x, 1, StepCacheTest::twofold, this::elevenfold);
            return TensorKernels.toFloats(own, y)[1];
        }
    }

    private static Tensor twofold(MemoryScope out, Tensor x) {
        return TensorKernels.add(out, x, x);
    }

    private Tensor elevenfold(MemoryScope out, Tensor x) {
        float[] values = TensorKernels.toFloats(out, x);
        computed.add(values[1] / 2);
        x.free();
        return TensorKernels.ofFloats(out, new float[] {11 * values[0], 11 * values[1]}, 1, 2, 1);
    }
}
