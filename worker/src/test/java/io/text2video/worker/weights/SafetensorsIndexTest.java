package io.text2video.worker.weights;

import static io.text2video.worker.weights.CraftedSafetensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsIndexTest {
    private static final String INDEX = "diffusion_pytorch_model.safetensors.index.json";

    @TempDir
    Path directory;

    @BeforeEach
    void writeShards() throws Exception {
        CraftedSafetensors.write(
                directory.resolve("m-00001-of-00002.safetensors"), "{" + tensor("a", "U8", "[3]", 0, 3) + "}", 3);
        CraftedSafetensors.write(
                directory.resolve("m-00002-of-00002.safetensors"), "{" + tensor("b", "F32", "[1]", 0, 4) + "}", 4);
    }

    @Test
    void shouldJoinTheShardsThatTheIndexLists() throws Exception {
        // Given
        index("\"a\":\"m-00001-of-00002.safetensors\",\"b\":\"m-00002-of-00002.safetensors\"");

        // When
        SafetensorsIndex index = SafetensorsIndex.open(directory);

        // Then
        assertThat(index.files()).hasSize(2);
        assertThat(index.tensors()).containsOnlyKeys("a", "b");
        assertThat(index.tensors().get("b").file()).hasFileName("m-00002-of-00002.safetensors");
        assertThat(index.byteLength()).isEqualTo(7);
    }

    @Test
    void shouldNameTheShardsThatAreMissing() throws Exception {
        // Given
        index("\"a\":\"m-00001-of-00002.safetensors\",\"b\":\"m-00003.safetensors\"");

        // When / Then
        refused().hasMessageContaining("[m-00003.safetensors]").hasMessageContaining(INDEX);
    }

    @Test
    void shouldNameATensorThatItsShardLacks() throws Exception {
        // Given
        index("\"a\":\"m-00002-of-00002.safetensors\"");

        // When / Then
        refused().hasMessageContaining("places tensor a in m-00002-of-00002.safetensors, which lacks it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../m.safetensors", "/etc/m.safetensors", "sub/m.safetensors", "..\\\\m.safetensors", "m.bin", ""
            })
    void shouldRefuseAShardOutsideTheDirectoryOrOfAnotherFormat(String name) throws Exception {
        // Given
        index("\"a\":\"" + name + "\"");

        // When / Then
        refused().hasMessageContaining("no plain name of a safetensors file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{}", "{\"weight_map\":{}}", "{\"weight_map\":{\"a\":1}}", ""})
    void shouldRefuseAMalformedIndex(String json) throws Exception {
        // Given
        Files.writeString(directory.resolve(INDEX), json);

        // When / Then
        refused().hasMessageContaining(INDEX);
    }

    @Test
    void shouldRefuseADirectoryOfPicklesByTheirNames(@TempDir Path pickles) throws Exception {
        // Given
        Files.write(pickles.resolve("pytorch_model.bin"), new byte[] {1});
        Files.write(pickles.resolve("model.ckpt"), new byte[] {1});

        // When / Then
        assertThatThrownBy(() -> SafetensorsIndex.open(pickles))
                .isInstanceOf(InvalidSafetensorsException.class)
                .hasMessageContaining("[model.ckpt, pytorch_model.bin]")
                .hasMessageContaining("only safetensors are read");
    }

    @Test
    void shouldRefuseADirectoryWithoutWeights() {
        // When / Then: the shards alone are no component
        refused().hasMessageContaining("holds no weights");
    }

    @Test
    void shouldRefuseAPathThatIsNoDirectory() {
        // When / Then
        assertThatThrownBy(() -> SafetensorsIndex.open(directory.resolve("absent")))
                .isInstanceOf(InvalidSafetensorsException.class)
                .hasMessageContaining("is not a directory");
    }

    private org.assertj.core.api.AbstractThrowableAssert<?, ?> refused() {
        return assertThatThrownBy(() -> SafetensorsIndex.open(directory))
                .isInstanceOf(InvalidSafetensorsException.class);
    }

    private void index(String weightMap) throws Exception {
        Files.writeString(directory.resolve(INDEX), "{\"metadata\":{},\"weight_map\":{" + weightMap + "}}");
    }
}
