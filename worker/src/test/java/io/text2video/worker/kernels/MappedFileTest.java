package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFileTest {
    private static final long LARGE = (5L << 30) + 8;

    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();

    @TempDir
    Path directory;

    @AfterEach
    void free() {
        kernels.close();
    }

    @Test
    void shouldMapForReadingAlone() throws IOException {
        // Given
        Path file = Files.write(directory.resolve("bytes"), new byte[10_000]);

        // When
        Tensor bytes = MappedFile.map(scope, file, 10_000).tensor(scope);

        // Then
        assertThat(bytes.shape()).containsExactly(10_000);
        assertThat(mappings(file)).singleElement().asString().contains(" r--p ");
    }

    /** A sparse one: it takes no room, but its length is beyond a buffer's and, written to, beyond many a machine's memory. */
    @Test
    void shouldMapBeyondTwoGibibytes() throws IOException {
        // Given
        Path file = directory.resolve("large");
        try (var large = new RandomAccessFile(file.toFile(), "rw")) {
            large.seek(LARGE - 4);
            large.writeInt(Integer.reverseBytes(Float.floatToIntBits(1.5f)));
        }

        // When
        Tensor bytes = MappedFile.map(scope, file, LARGE).tensor(scope);
        Tensor last = TensorKernels.view(scope, bytes, DType.F32, LARGE - 8, 2);

        // Then
        assertThat(bytes.shape()).containsExactly(LARGE);
        assertThat(TensorKernels.toFloats(scope, last)).containsExactly(0, 1.5f);
    }

    @Test
    void shouldStayMappedUntilItsOwnerCloses() throws IOException {
        // Given a view in the owner, of a tensor whose own scope has closed
        Path file = Files.write(directory.resolve("bytes"), new byte[] {0, 0, (byte) 0x80, 0x3F});
        MemoryScope owner = scope.open();
        MappedFile mapped = MappedFile.map(owner, file, 4);
        Tensor view;
        try (MemoryScope own = owner.open()) {
            view = TensorKernels.view(owner, mapped.tensor(own), DType.F32, 0, 1);
        }

        // When its pages are forgotten, and the file is removed
        mapped.forgetPages();
        Files.delete(file);

        // Then the view reads what it did
        assertThat(TensorKernels.toFloats(owner, view)).containsExactly(1);
        assertThat(mappings(file)).hasSize(1);

        // And nothing is left when the owner closes, views and all
        owner.close();
        assertThat(mappings(file)).isEmpty();
    }

    @Test
    void shouldNameAFileThatIsNotThere() {
        Path nowhere = directory.resolve("nowhere");

        assertThatThrownBy(() -> MappedFile.map(scope, nowhere, 4))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(nowhere + " cannot be mapped");
    }

    /** Lines of this process's map that are of the file. */
    private static List<String> mappings(Path file) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(file.toString())).toList();
        }
    }
}
