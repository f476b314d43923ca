package io.text2video.worker.shelf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.model.LoraScale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"my style", "ink (v2) [final]", "ratio 16:9", "水墨", "très 'doux'", "-0.5"})
    void shouldTakeAnyFilesName(String name) throws IOException {
        Path file = write("m", name + ".safetensors");

        assertThat(LoraDirectory.list(directory, "m")).isEqualTo(Map.of(name, file));
        assertThat(name).matches(LoraScale.ID);
    }

    @Test
    void shouldNameAFileAsKeyboardsWriteIt() throws IOException {
        // Given a name as macOS stores it, the accent apart from its letter
        Path file = write("m", "cafe\u0301.safetensors");

        assertThat(LoraDirectory.list(directory, "m")).isEqualTo(Map.of("caf\u00e9", file));

        // And when both are there, neither is taken for the other
        write("m", "caf\u00e9.safetensors");
        assertThatThrownBy(() -> LoraDirectory.list(directory, "m"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("one name in two encodings");
    }

    @Test
    void shouldLeaveOutHiddenFiles() throws IOException {
        // Given what macOS leaves beside a copied file
        write("m", "._ink.safetensors");

        assertThat(LoraDirectory.list(directory, "m")).isEmpty();
    }

    @Test
    void shouldRefuseANameThatNoRequestCanSpell() throws IOException {
        write("m", "my\nstyle.safetensors");

        assertThatThrownBy(() -> LoraDirectory.list(directory, "m"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be requested by its name: rename it");
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
