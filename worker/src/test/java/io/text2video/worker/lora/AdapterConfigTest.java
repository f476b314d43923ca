package io.text2video.worker.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterConfigTest {
    private static final String LAYER = "transformer_blocks.0.attn1.to_q";

    /** All of them match the layer; each has the alpha of its place in this list. */
    private static final List<String> PATTERNS = List.of("to_q", "attn1.to_q", "0.attn1.to_q", LAYER, "^" + LAYER);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void shouldTakeTheFirstPatternThatMatchesInTheFilesOrder(int seed) throws IOException {
        // Given
        List<String> order = new ArrayList<>(PATTERNS);
        Collections.shuffle(order, new Random(seed));
        List<String> pairs = new ArrayList<>(List.of("\"to_k\": 77"));
        order.forEach(pattern -> pairs.add("\"%s\": %d".formatted(pattern, PATTERNS.indexOf(pattern))));

        // When
        AdapterConfig config = inMetadata("{\"transformer.lora_alpha\": 99, \"transformer.alpha_pattern\": {%s}}"
                .formatted(String.join(", ", pairs)));

        // Then
        assertThat(config.alpha(LAYER, 4)).isEqualTo(PATTERNS.indexOf(order.get(0)));
        assertThat(config.alpha("transformer_blocks.0.attn1.to_v", 4)).isEqualTo(99);
        assertThat(config.alphaOf().keySet()).containsSequence(order);
    }

    @Test
    void shouldTakeRanksFromTheTensorsWhateverThePatternSays() throws IOException {
        AdapterConfig config = inMetadata(
                "{\"transformer.r\": 64, \"transformer.rank_pattern\": {\"to_q\": 32, \"attn1.to_q\": 2}, \"transformer.lora_alpha\": 8}");

        assertThat(config.scaling(config.alpha(LAYER, 4), 4)).isEqualTo(2);
    }

    @Test
    void shouldReadAsPythonDoes() throws IOException {
        // Given NaN, which Python writes, and a key that is there twice, of which the last counts
        Path file = adapter("{\"lora_dropout\": NaN, \"x\": -Infinity, \"lora_alpha\": 3, \"lora_alpha\": 8}");

        assertThat(AdapterConfig.read(SafetensorsFile.read(file)).alpha(LAYER, 4))
                .isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[]", "8", "", "{} x", "{\"lora_alpha\": NaN}", "{\"alpha_pattern\": {\"to_q\": Infinity}}"})
    void shouldRefuseWhatSaysNoScale(String json) throws IOException {
        Path file = adapter(json);

        assertThatThrownBy(() -> AdapterConfig.read(SafetensorsFile.read(file))).isInstanceOf(LoraException.class);
    }

    @Test
    void shouldFindTheConfigOfAFileThatIsKnownByALink() throws IOException {
        // Given PEFT's file in a folder of links, as the command line makes one, under another name
        Path file = adapter("{\"lora_alpha\": 8}");
        Path link = Files.createSymbolicLink(
                Files.createDirectory(directory.resolve("links")).resolve("adapter_model-2.safetensors"), file);

        // When
        AdapterConfig config = AdapterConfig.read(SafetensorsFile.read(link));

        // Then
        assertThat(config.alpha(LAYER, 4)).isEqualTo(8);
        assertThat(LoraFile.configBeside(link)).contains(directory.resolve("adapter_config.json"));
    }

    private AdapterConfig inMetadata(String json) throws IOException {
        Path file = LoraFixture.rewritten(
                LoraFixture.ATTENTION,
                directory.resolve("lora.safetensors"),
                Map.of("lora_adapter_metadata", json),
                name -> name);
        return AdapterConfig.read(SafetensorsFile.read(file));
    }

    /** As PEFT saves it. */
    private Path adapter(String json) throws IOException {
        Files.writeString(directory.resolve("adapter_config.json"), json);
        return LoraFixture.rewritten(
                LoraFixture.ATTENTION, directory.resolve("adapter_model.safetensors"), Map.of(), name -> name);
    }
}
