package io.text2video.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.model.LoraScale;
import io.text2video.worker.pipeline.GenerationParameters;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptsTest {
    @Test
    void shouldChangeTheWordsAlone() {
        // Given parameters without a default among them
        GenerationParameters parameters = parameters("a ball", "blur");

        // When
        GenerationParameters numbered = Prompts.numbered(parameters, 3);

        // Then
        assertThat(numbered).isEqualTo(parameters("3 a ball", "3 blur"));
    }

    private static GenerationParameters parameters(String prompt, String negativePrompt) {
        return new GenerationParameters(
                prompt,
                negativePrompt,
                4,
                List.of(),
                2.5,
                true,
                0.5,
                0.1,
                16,
                32,
                9,
                12,
                7,
                List.of(new LoraScale("ink", 0.5)),
                null,
                null,
                null);
    }
}
