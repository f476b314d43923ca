package io.text2video.worker.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CogVideoX Fun's models that paint into a video are refused, however they are told. */
class InpaintCheckpointTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"33, ''", "17, ', \"out_channels\": 8'"})
    void shouldRefuseATransformerThatTakesAMask(int channels, String output) {
        assertThatThrownBy(() -> transformer("\"in_channels\": " + channels + output))
                .isInstanceOf(UnsupportedCheckpointException.class)
                .hasMessageStartingWith("in_channels is %d, but this engine implements no CogVideoX Fun InP", channels)
                .hasMessageContaining("diffusers has no pipeline for it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CogVideoXFunInpaintPipeline", "CogVideoX_Fun_Pipeline_Inpaint"})
    void shouldRefuseAPipelineThatPaintsIntoAVideo(String named) throws IOException {
        write("model_index.json", "{\"_class_name\": \"%s\"}".formatted(named));

        assertThatThrownBy(() -> ModelIndex.read(directory))
                .isInstanceOf(UnsupportedCheckpointException.class)
                .hasMessageStartingWith("_class_name is %s, but this engine implements no CogVideoX Fun InP", named);
    }

    private TransformerConfig transformer(String fields) throws IOException {
        write("transformer/config.json", "{" + fields + "}");
        return TransformerConfig.read(directory);
    }

    private void write(String name, String json) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, json);
    }
}
