package io.text2video.worker.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where a layer's alpha comes from, and what it may be stored as. */
class LoraAlphaTest {
    private static final String TO_Q = "transformer_blocks.0.attn1.to_q";
    private static final String TO_K = "transformer_blocks.0.attn1.to_k";
    private static final int WIDTH = 8;

    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();

    @TempDir
    Path directory;

    @AfterEach
    void free() {
        kernels.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"I64", "I32", "I16", "I8", "U8"})
    void shouldReadAnAlphaThatIsWhole(SafetensorsDtype dtype) throws IOException {
        // Given an alpha of 6 beside matrices of ones
        ByteBuffer six = ByteBuffer.allocate(dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        six.put(0, (byte) 6);
        Path file = write(
                LoraFixture.filled("transformer." + TO_Q + ".lora_A.weight", 1, 4, WIDTH),
                LoraFixture.filled("transformer." + TO_Q + ".lora_B.weight", 1, WIDTH, 4),
                new SafetensorsWriter.Entry(TO_Q + ".alpha", dtype, new long[0], six));

        // Then
        assertThat(scaling(file, TO_Q)).isEqualTo(6f / 4);
    }

    @Test
    void shouldScaleByOneWhereNothingSaysAlphaWhateverTheRanks() throws IOException {
        // Given ranks of 2 and 8
        Path file = write(
                LoraFixture.filled("transformer." + TO_Q + ".lora_A.weight", 1, 2, WIDTH),
                LoraFixture.filled("transformer." + TO_Q + ".lora_B.weight", 1, WIDTH, 2),
                LoraFixture.filled("transformer." + TO_K + ".lora_A.weight", 1, 8, WIDTH),
                LoraFixture.filled("transformer." + TO_K + ".lora_B.weight", 1, WIDTH, 8));

        // Then
        assertThat(scaling(file, TO_Q)).isEqualTo(1);
        assertThat(scaling(file, TO_K)).isEqualTo(1);
    }

    @Test
    void shouldRefuseAnAlphaThatIsNoNumber() throws IOException {
        Path file = write(
                LoraFixture.filled("transformer." + TO_Q + ".lora_A.weight", 1, 4, WIDTH),
                LoraFixture.filled("transformer." + TO_Q + ".lora_B.weight", 1, WIDTH, 4),
                new SafetensorsWriter.Entry(
                        TO_Q + ".alpha", SafetensorsDtype.BOOL, new long[0], ByteBuffer.allocate(1)));

        assertThatThrownBy(() -> LoraFile.read(file))
                .isInstanceOf(LoraException.class)
                .hasMessageContaining("to_q.alpha stored as BOOL");
    }

    /** What B, of ones in the file, is in the network. */
    private float scaling(Path file, String layer) throws IOException {
        Tensor base = TensorKernels.ofFloats(scope, new float[WIDTH * WIDTH], WIDTH, WIDTH);
        try (var stack = new LoraStack(scope, DType.F32, List.of(new LoraStack.Scaled(LoraFile.read(file), 1)))) {
            LayerWeight weight = stack.adapt(layer, new LayerWeight(List.of(base)), WIDTH, WIDTH);
            return TensorKernels.toFloats(scope, weight.parts().get(3))[0];
        }
    }

    private Path write(SafetensorsWriter.Entry... entries) throws IOException {
        Path file = directory.resolve("lora.safetensors");
        SafetensorsWriter.write(file, Map.of(), List.of(entries));
        return file;
    }
}
