package io.text2video.worker.weights;

import static io.text2video.worker.weights.CraftedSafetensors.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.quantization.Component;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        SafetensorsIndex index = SafetensorsIndex.open(directory, Component.TRANSFORMER);

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
        assertThatThrownBy(() -> SafetensorsIndex.open(pickles, Component.TRANSFORMER))
                .isInstanceOf(InvalidSafetensorsException.class)
                .hasMessageContaining("[model.ckpt, pytorch_model.bin]")
                .hasMessageContaining("only safetensors are read");
    }

    @Test
    void shouldRefuseADirectoryWithoutWeights() {
        // When / Then: the shards alone are no component
        refused().hasMessageContaining("holds no weights");
    }

    /** What each library reads of the files in a folder; the tensor's name is that of its file. */
    @ParameterizedTest
    @CsvSource({
        "TRANSFORMER,  index single other, index",
        "VAE,          index single other, index",
        "TEXT_ENCODER, index single other, single",
        "TRANSFORMER,  single other fp16,  single",
        "VAE,          single other,       single",
        "TEXT_ENCODER, index other fp16,   index",
        "TRANSFORMER,  fp16 other,         fp16",
        "TEXT_ENCODER, fp16 other,         fp16"
    })
    void shouldReadWhatTheComponentsLibraryReads(Component component, String files, String read) throws Exception {
        // Given
        for (String file : files.split(" ")) {
            write(component, file);
        }

        // When
        SafetensorsIndex index = SafetensorsIndex.open(directory, component);

        // Then
        assertThat(index.tensors()).containsOnlyKeys(read);
    }

    @ParameterizedTest
    @CsvSource({
        "TRANSFORMER,  model.safetensors",
        "VAE,          model.safetensors",
        "TEXT_ENCODER, diffusion_pytorch_model.safetensors"
    })
    void shouldRefuseTheOtherLibrarysNameByIt(Component component, String file) throws Exception {
        // Given
        CraftedSafetensors.write(directory.resolve(file), "{" + tensor("a", "U8", "[3]", 0, 3) + "}", 3);

        // When / Then
        assertThatThrownBy(() -> SafetensorsIndex.open(directory, component))
                .isInstanceOf(InvalidSafetensorsException.class)
                .hasMessageContaining(
                        "holds no weights: neither " + WeightFiles.of(component).singleFile())
                .hasMessageContaining(file);
    }

    @Test
    void shouldRefuseToChooseBetweenVariants() throws Exception {
        // Given
        write(Component.VAE, "fp16");
        Files.copy(
                directory.resolve("diffusion_pytorch_model.fp16.safetensors"),
                directory.resolve("diffusion_pytorch_model.bf16.safetensors"));

        // When / Then
        assertThatThrownBy(() -> SafetensorsIndex.open(directory, Component.VAE))
                .isInstanceOf(InvalidSafetensorsException.class)
                .hasMessageContaining("in the variants [bf16, fp16] and none without one");
    }

    @Test
    void shouldLeaveOutTheDecoderOfAWholeT5() throws Exception {
        // Given
        String header = "{%s,%s,%s}"
                .formatted(
                        tensor("shared.weight", "U8", "[1]", 0, 1),
                        tensor("decoder.block.0.layer.0.SelfAttention.q.weight", "U8", "[1]", 1, 2),
                        tensor("lm_head.weight", "U8", "[1]", 2, 3));
        CraftedSafetensors.write(directory.resolve("model.safetensors"), header, 3);

        // When
        SafetensorsIndex index = SafetensorsIndex.open(directory, Component.TEXT_ENCODER);

        // Then
        assertThat(index.tensors()).containsOnlyKeys("shared.weight");
        assertThat(index.byteLength()).isEqualTo(1);
    }

    @Test
    void shouldReadAnIndexAsPythonDoes() throws Exception {
        // Given: of a key that is there twice the last counts
        index(
                "\"a\":\"m-00002-of-00002.safetensors\",\"a\":\"m-00001-of-00002.safetensors\",\"b\":\"m-00002-of-00002.safetensors\"");

        // When
        SafetensorsIndex index = SafetensorsIndex.open(directory, Component.TRANSFORMER);

        // Then
        assertThat(index.tensors().get("a").file()).hasFileName("m-00001-of-00002.safetensors");
    }

    @Test
    void shouldRefuseAPathThatIsNoDirectory() {
        // When / Then
        assertThatThrownBy(() -> SafetensorsIndex.open(directory.resolve("absent"), Component.VAE))
                .isInstanceOf(InvalidSafetensorsException.class)
                .hasMessageContaining("is not a directory");
    }

    /** A file with one tensor of its own name. */
    private void write(Component component, String kind) throws Exception {
        WeightFiles names = WeightFiles.of(component);
        String header = "{" + tensor(kind, "U8", "[3]", 0, 3) + "}";
        switch (kind) {
            case "single" -> CraftedSafetensors.write(directory.resolve(names.singleFile()), header, 3);
            case "other" ->
                CraftedSafetensors.write(
                        directory.resolve(
                                component == Component.TEXT_ENCODER
                                        ? "diffusion_pytorch_model.safetensors"
                                        : "model.safetensors"),
                        header,
                        3);
            case "fp16" ->
                CraftedSafetensors.write(
                        directory.resolve(names.singleFile().replace(".safetensors", ".fp16.safetensors")), header, 3);
            default -> {
                CraftedSafetensors.write(directory.resolve(names.shard(1, 1)), header, 3);
                Files.writeString(
                        directory.resolve(names.index()),
                        "{\"weight_map\":{\"%s\":\"%s\"}}".formatted(kind, names.shard(1, 1)));
            }
        }
    }

    private org.assertj.core.api.AbstractThrowableAssert<?, ?> refused() {
        return assertThatThrownBy(() -> SafetensorsIndex.open(directory, Component.TRANSFORMER))
                .isInstanceOf(InvalidSafetensorsException.class);
    }

    private void index(String weightMap) throws Exception {
        Files.writeString(directory.resolve(INDEX), "{\"metadata\":{},\"weight_map\":{" + weightMap + "}}");
    }
}
