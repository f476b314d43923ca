package io.text2video.worker.shelf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void shouldRefuseADirectoryThatIsNotThere() {
        Path nowhere = directory.resolve("nowhere");

        assertThatThrownBy(() -> LoraDirectory.list(nowhere, "m"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(nowhere.toString());
    }

    private Path write(String model, String name) throws IOException {
        return Files.createFile(
                Files.createDirectories(directory.resolve(model)).resolve(name));
    }
}
