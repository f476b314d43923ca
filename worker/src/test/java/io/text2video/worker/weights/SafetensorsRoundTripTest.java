package io.text2video.worker.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.quantization.Component;
import io.text2video.worker.weights.SafetensorsWriter.Entry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsRoundTripTest {
    @TempDir
    Path directory;

    @Test
    void shouldReadBackWhatWasWritten() throws Exception {
        // Given
        Path file = directory.resolve("out.safetensors");
        List<Entry> entries = List.of(
                entry("flag", SafetensorsDtype.BOOL, 1, 3),
                entry("weight", SafetensorsDtype.F32, 4, 2, 3),
                entry("scalar", SafetensorsDtype.I64, 8),
                entry("nothing", SafetensorsDtype.BF16, 2, 0, 4));

        // When
        SafetensorsWriter.write(file, Map.of("prompt", "a \"red\" ball\n日本"), entries);
        SafetensorsFile read = SafetensorsFile.read(file);

        // Then
        assertThat(read.metadata()).containsExactly(Map.entry("prompt", "a \"red\" ball\n日本"));
        assertThat(read.tensors()).hasSize(4);
        byte[] bytes = Files.readAllBytes(file);
        for (Entry entry : entries) {
            TensorInfo tensor = read.tensors().get(entry.name());
            assertThat(tensor.dtype()).isEqualTo(entry.dtype());
            assertThat(tensor.shape()).containsExactly(entry.shape());
            assertThat(tensor.offset() % entry.dtype().bytes()).isZero();
            assertThat(Arrays.copyOfRange(bytes, (int) tensor.offset(), (int) (tensor.offset() + tensor.byteLength())))
                    .isEqualTo(entry.data().array());
        }
        try (var left = Files.list(directory)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void shouldWriteAndReadTheSameInMemory() throws Exception {
        // Given
        Path file = directory.resolve("out.safetensors");
        List<Entry> entries =
                List.of(entry("flag", SafetensorsDtype.BOOL, 1, 3), entry("weight", SafetensorsDtype.F32, 4, 2, 3));
        SafetensorsWriter.write(file, Map.of("step", "5"), entries);

        // When
        byte[] bytes = SafetensorsWriter.bytes(Map.of("step", "5"), entries);

        // Then
        assertThat(bytes).isEqualTo(Files.readAllBytes(file));
        SafetensorsFile read = SafetensorsFile.parse(file, bytes);
        assertThat(read.metadata()).isEqualTo(Map.of("step", "5"));
        assertThat(read.tensors()).isEqualTo(SafetensorsFile.read(file).tensors());
    }

    @Test
    void shouldReadAFileWithoutTensors() throws Exception {
        // Given
        Path file = directory.resolve("empty.safetensors");
        SafetensorsWriter.write(file, Map.of(), List.of());

        // When
        SafetensorsFile read = SafetensorsFile.read(file);

        // Then
        assertThat(read.tensors()).isEmpty();
        assertThat(read.metadata()).isEmpty();
    }

    @Test
    void shouldReplaceTheFileThatIsThere() throws Exception {
        // Given
        Path file = directory.resolve("out.safetensors");
        SafetensorsWriter.write(file, Map.of(), List.of(entry("old", SafetensorsDtype.U8, 1, 9)));

        // When
        SafetensorsWriter.write(file, Map.of(), List.of(entry("new", SafetensorsDtype.U8, 1, 5)));

        // Then
        assertThat(SafetensorsFile.read(file).tensors()).containsOnlyKeys("new");
    }

    @Test
    void shouldReadTheModelThatShipsWithTheProject() throws Exception {
        // Given
        Path transformer = Path.of("..", "models", "cogvideox-tiny", "transformer");

        // When
        SafetensorsIndex index = SafetensorsIndex.open(transformer, Component.TRANSFORMER);

        // Then
        TensorInfo bias = index.tensors().get("patch_embed.proj.bias");
        assertThat(bias.dtype()).isEqualTo(SafetensorsDtype.F16);
        assertThat(bias.shape()).containsExactly(128);
        assertThat(index.byteLength()).isGreaterThan(4_000_000);
    }

    @Test
    void shouldRefuseToWriteOneNameTwice() {
        // Given
        List<Entry> entries = List.of(entry("a", SafetensorsDtype.U8, 1, 1), entry("a", SafetensorsDtype.U8, 1, 1));

        // When / Then
        assertThatThrownBy(() -> SafetensorsWriter.write(directory.resolve("x"), Map.of(), entries))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the name a");
    }

    @Test
    void shouldRefuseABufferThatDoesNotFitTheShape() {
        // Given
        ByteBuffer seven = ByteBuffer.allocate(7);

        // When / Then
        assertThatThrownBy(() -> new Entry("a", SafetensorsDtype.F32, new long[] {2}, seven))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs 8 bytes, but the buffer has 7");
    }

    private static Entry entry(String name, SafetensorsDtype dtype, int bytes, long... shape) {
        int elements = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        ByteBuffer data = ByteBuffer.allocate(elements * bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < data.capacity(); i++) {
            data.put(i, (byte) (i * 31 + name.hashCode()));
        }
        return new Entry(name, dtype, shape, data);
    }
}
