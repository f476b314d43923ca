package io.text2video.worker.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.model.LoraRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeFileTest {
    @TempDir
    Path directory;

    @Test
    void shouldReadTheFileBesideALora() throws IOException {
        Path turbo = directory.resolve("turbo.v2.safetensors");
        Path ink = directory.resolve("ink.safetensors");
        Files.writeString(
                directory.resolve("turbo.v2.json"),
                "{\"timesteps\": [999, 856, 665, 399], \"guidance_scale\": 1.0, \"scale\": 0.8}");

        assertThat(RecipeFile.read(Map.of("turbo", turbo, "ink", ink)))
                .isEqualTo(Map.of("turbo", new LoraRecipe(List.of(999, 856, 665, 399), 1.0, 0.8)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'timesteps':[399,999]}   | timesteps must fall strictly, but 999 follows 399",
                "{'timesteps':[1000]}      | timesteps[0] must be less than or equal to 999, not 1000",
                "{'guidance_scale':-1}     | guidance_scale must be greater than or equal to 0, not -1.0",
                "{'steps':4}               | steps is not a known field",
                "{                         | not valid JSON: it ends too early",
            })
    void shouldNameARecipeThatCannotBeUsed(String json, String reason) throws IOException {
        Files.writeString(directory.resolve("turbo.json"), json.replace('\'', '"'));

        assertThatThrownBy(() -> RecipeFile.read(Map.of("turbo", directory.resolve("turbo.safetensors"))))
                .isInstanceOf(IOException.class)
                .hasMessage("the LoRA's recipe %s cannot be used: %s", directory.resolve("turbo.json"), reason);
    }
}
