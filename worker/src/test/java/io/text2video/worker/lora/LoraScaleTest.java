package io.text2video.worker.lora;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a LoRA's scale leaves of its numbers. */
class LoraScaleTest {
    private static final String LAYER = "transformer_blocks.0.attn1.to_q";
    private static final int RANK = 4;
    private static final int WIDTH = 64;

    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();
    private final Random random = new Random(1);

    @TempDir
    Path directory;

    @AfterEach
    void free() {
        kernels.close();
    }

    @ParameterizedTest
    @CsvSource({"1e-4, 1e-3, 1e-3", "1e-3, 0.05, 1e-3", "1e-2, 1, 1e-2", "-1e-4, 0.05, 1e-2"})
    void shouldKeepTheDigitsOfSmallProductsInFp16(double scale, float downs, float ups) throws IOException {
        // Given
        float[] down = numbers(RANK * WIDTH, downs);
        float[] up = numbers(WIDTH * RANK, ups);

        // When
        List<float[]> pair = adapted(DType.F16, scale, down, up);

        // Then
        double error = error(product(pair.get(0), pair.get(1), 1), product(down, up, scale));
        System.out.printf("scale %s, A %s, B %s: relative error %.2e%n", scale, downs, ups, error);
        assertThat(error).isLessThan(5e-3);
    }

    @ParameterizedTest
    @CsvSource({"F16, 1", "F16, 0.25", "BF16, 1e-4", "F32, 1e-4"})
    void shouldLeaveAloneWhatHasRoom(DType dtype, double scale) throws IOException {
        // Given
        float[] down = numbers(RANK * WIDTH, 0.1f);
        float[] up = numbers(WIDTH * RANK, 0.1f);

        // When
        List<float[]> pair = adapted(dtype, scale, down, up);

        // Then A is as it is in the file, and B as it is scaled, each rounded once
        assertThat(pair.get(0)).isEqualTo(rounded(dtype, down, 1));
        assertThat(pair.get(1)).isEqualTo(rounded(dtype, up, scale));
    }

    @Test
    void shouldLeaveNothingOfNothing() throws IOException {
        List<float[]> pair = adapted(DType.F16, 1e-4, numbers(RANK * WIDTH, 1e-3f), new float[WIDTH * RANK]);

        assertThat(pair.get(1)).containsOnly(0);
    }

    private float[] rounded(DType dtype, float[] values, double factor) {
        Tensor tensor = TensorKernels.ofFloats(scope, values, values.length);
        return TensorKernels.toFloats(scope, TensorKernels.scaled(scope, tensor, dtype, factor));
    }

    /** A and B as a network gets them. */
    private List<float[]> adapted(DType dtype, double scale, float[] down, float[] up) throws IOException {
        Path file = directory.resolve("lora.safetensors");
        SafetensorsWriter.write(
                file,
                Map.of(),
                List.of(
                        entry("transformer." + LAYER + ".lora_A.weight", down, RANK, WIDTH),
                        entry("transformer." + LAYER + ".lora_B.weight", up, WIDTH, RANK)));
        Tensor base = TensorKernels.ofFloats(scope, new float[WIDTH * WIDTH], WIDTH, WIDTH);
        try (var stack = new LoraStack(scope, dtype, List.of(new LoraStack.Scaled(LoraFile.read(file), scale)))) {
            LayerWeight weight = stack.adapt(LAYER, new LayerWeight(List.of(base)), WIDTH, WIDTH);
            return List.of(
                    TensorKernels.toFloats(scope, weight.parts().get(2)),
                    TensorKernels.toFloats(scope, weight.parts().get(3)));
        }
    }

    private static SafetensorsWriter.Entry entry(String name, float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new SafetensorsWriter.Entry(name, SafetensorsDtype.F32, shape, bytes);
    }

    private float[] numbers(int count, float size) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() * size;
        }
        return values;
    }

    /** factor · B·A */
    private static double[] product(float[] down, float[] up, double factor) {
        double[] product = new double[WIDTH * WIDTH];
        for (int out = 0; out < WIDTH; out++) {
            for (int in = 0; in < WIDTH; in++) {
                for (int r = 0; r < RANK; r++) {
                    product[out * WIDTH + in] += factor * up[out * RANK + r] * down[r * WIDTH + in];
                }
            }
        }
        return product;
    }

    /** Root mean square over that of what is expected. */
    private static double error(double[] actual, double[] expected) {
        double wrong = 0;
        double all = 0;
        for (int i = 0; i < actual.length; i++) {
            wrong += Math.pow(actual[i] - expected[i], 2);
            all += Math.pow(expected[i], 2);
        }
        return Math.sqrt(wrong / all);
    }
}
