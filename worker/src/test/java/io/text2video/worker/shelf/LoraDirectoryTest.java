package io.text2video.worker.shelf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.weights.InvalidSafetensorsException;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void shouldListAModelsLorasByTheirFilesNames() throws IOException {
        Path ink = write("THUDM/CogVideoX-2b", "ink.v2.safetensors");
        Path sketch = write("THUDM/CogVideoX-2b", "sketch.safetensors");
        write("other", "other.safetensors");
        Files.writeString(directory.resolve("THUDM/CogVideoX-2b/README.md"), "about them");

        Map<String, Path> loras = LoraDirectory.list(directory, "THUDM/CogVideoX-2b");

        assertThat(loras).isEqualTo(Map.of("ink.v2", ink, "sketch", sketch));
    }

    @Test
    void shouldListNoneForAModelWithoutADirectory() throws IOException {
        assertThat(LoraDirectory.list(directory, "cogvideox-tiny")).isEmpty();
    }

    @Test
    void shouldRefuseANameThatNoRequestCanSpell() throws IOException {
        write("m", "my style.safetensors");

        assertThatThrownBy(() -> LoraDirectory.list(directory, "m"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("my style.safetensors")
                .hasMessageContaining("rename it");
    }

    @Test
    void shouldRefuseAFileThatIsNotSafetensors() throws IOException {
        Path file = Files.createDirectory(directory.resolve("m")).resolve("broken.safetensors");
        Files.writeString(file, "<html>sign in first</html>");

        assertThatThrownBy(() -> LoraDirectory.list(directory, "m"))
                .isInstanceOf(InvalidSafetensorsException.class)
                .hasMessageContaining("broken.safetensors");
    }

    @Test
    void shouldRefuseADirectoryThatIsNotThere() {
        Path nowhere = directory.resolve("nowhere");

        assertThatThrownBy(() -> LoraDirectory.list(nowhere, "m"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(nowhere.toString());
    }

    private Path write(String model, String name) throws IOException {
        Path file = Files.createDirectories(directory.resolve(model)).resolve(name);
        var tensor = new SafetensorsWriter.Entry(
                "transformer.a", SafetensorsDtype.F32, new long[] {1}, ByteBuffer.allocate(4));
        SafetensorsWriter.write(file, Map.of(), List.of(tensor));
        return file;
    }
}
