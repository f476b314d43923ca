package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorKernelsTest {
    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();

    @TempDir
    Path directory;

    @AfterEach
    void free() {
        kernels.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 3})
    void shouldViewAMappedFileAtAnyOffset(int offset) throws IOException {
        // Given
        ByteBuffer bytes = ByteBuffer.allocate(offset + 6 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(offset);
        for (int i = 0; i < 6; i++) {
            bytes.putFloat(i);
        }
        Path file = Files.write(directory.resolve("floats"), bytes.array());
        Tensor mapped = MappedFile.map(scope, file, bytes.capacity()).tensor(scope);

        // When
        Tensor view = TensorKernels.view(scope, mapped, DType.F32, offset, 2, 3);

        // Then
        assertThat(view.shape()).containsExactly(2, 3);
        assertThat(TensorKernels.toFloats(scope, view)).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @ParameterizedTest
    @EnumSource
    void shouldTakeBackTheBytesItGave(DType dtype) {
        // Given
        ByteBuffer bytes = ByteBuffer.allocate(2 * 3 * dtype.bytes());
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.put(i, (byte) (i * 37));
        }

        // When
        Tensor tensor = TensorKernels.ofBytes(scope, bytes, dtype, 2, 3);

        // Then
        assertThat(tensor.shape()).containsExactly(2, 3);
        assertThat(TensorKernels.dtype(scope, tensor)).isEqualTo(dtype);
        assertThat(TensorKernels.toBytes(scope, tensor)).isEqualTo(bytes);
    }

    @Test
    void shouldKeepAViewWhenTheWholeIsFreed() throws IOException {
        // Given
        Path file = Files.write(directory.resolve("bytes"), new byte[] {0, 0, (byte) 0x80, 0x3F});
        Tensor mapped = MappedFile.map(scope, file, 4).tensor(scope);
        Tensor view = TensorKernels.view(scope, mapped, DType.F32, 0, 1);

        // When
        mapped.free();

        // Then
        assertThat(TensorKernels.toFloats(scope, view)).containsExactly(1);
    }

    /** DJL ends the process when it meets some of these. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void shouldHoldEveryDtype(DType dtype) {
        // Given
        Tensor ones = TensorKernels.ofFloats(scope, new float[] {1, 0, 1}, 3);

        // When
        Tensor cast = TensorKernels.cast(scope, ones, dtype);

        // Then
        assertThat(TensorKernels.dtype(scope, cast)).isEqualTo(dtype);
        assertThat(cast.shape()).containsExactly(3);
        assertThat(TensorKernels.toBytes(scope, cast).remaining()).isEqualTo(3 * dtype.bytes());
        assertThat(TensorKernels.toFloats(scope, cast)).containsExactly(1, 0, 1);
    }

    @Test
    void shouldFreeAScopeWithTheScopeAroundIt() {
        // Given
        MemoryScope outer = scope.open();
        Tensor inner = TensorKernels.ofFloats(outer.open(), new float[] {1}, 1);

        // When
        outer.close();

        // Then
        assertThatThrownBy(() -> TensorKernels.toBytes(scope, inner)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldKeepWhatAnotherScopeAdopts() {
        // Given
        Tensor tensor;
        try (MemoryScope inner = scope.open()) {
            tensor = scope.adopt(TensorKernels.ofFloats(inner, new float[] {5}, 1));
        }

        // When, Then
        assertThat(TensorKernels.toFloats(scope, tensor)).containsExactly(5);
    }

    @Test
    void shouldNameTheKernelThatFailed() {
        // Given
        Tensor two = TensorKernels.ofFloats(scope, new float[] {1, 2}, 2);
        Tensor three = TensorKernels.ofFloats(scope, new float[] {1, 2, 3}, 3, 1);

        // When, Then
        assertThatThrownBy(() -> TensorKernels.concat(scope, List.of(two, three), 0))
                .isInstanceOf(KernelException.class)
                .hasMessageStartingWith("concat: ");
    }
}
