package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationRulesTest {
    private final GenerationRules rules = new GenerationRules(16, 8, 1000);

    @ParameterizedTest
    @CsvSource({"16, 16, 1, 1, 0", "64, 80, 17, 50, 6", "480, 720, 49, 1000, 1", "768, 1360, 81, 25, 30"})
    void shouldAcceptWhatTheModelServes(int height, int width, int frames, int steps, double guidance) {
        assertThatCode(() -> rules.check(call(height, width, frames, steps, guidance, 8)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "height | 100 | 64 | 17 | 25 | 2 | height is 100, but must be a positive multiple of 16; the nearest are 96 and 112",
                "height | 0 | 64 | 17 | 25 | 2 | height is 0, but must be a positive multiple of 16; the nearest is 16",
                "width | 64 | -16 | 17 | 25 | 2 | width is -16, but must be a positive multiple of 16; the nearest is 16",
                "num_frames | 64 | 64 | 13 | 25 | 2 | num_frames is 13, but must be a multiple of 8 plus 1; the nearest are 9 and 17",
                "num_frames | 64 | 64 | 0 | 25 | 2 | num_frames is 0, but must be a multiple of 8 plus 1; the nearest is 1",
                "num_inference_steps | 64 | 64 | 17 | 0 | 2 | must be from 1 to 1000; the nearest is 1",
                "num_inference_steps | 64 | 64 | 17 | 1001 | 2 | must be from 1 to 1000; the nearest is 1000",
                "guidance_scale | 64 | 64 | 17 | 25 | NaN | guidance_scale is NaN, but must be finite and at least 0",
                "guidance_scale | 64 | 64 | 17 | 25 | -1 | guidance_scale is -1.0, but must be finite and at least 0",
                "num_frames | 2147483632 | 64 | 17 | 25 | 2 | ask for fewer or smaller",
            })
    void shouldNameTheValueTheRuleAndTheNearestValid(
            String field, int height, int width, int frames, int steps, double guidance, String message) {
        // When
        InvalidGenerationException refusal = catchThrowableOfType(
                InvalidGenerationException.class, () -> rules.check(call(height, width, frames, steps, guidance, 8)));

        // Then
        assertThat(refusal.field()).isEqualTo(field);
        assertThat(refusal).hasMessageContaining(message);
    }

    @Test
    void shouldRefuseAFrameRateBelowOne() {
        // When
        InvalidGenerationException refusal =
                catchThrowableOfType(InvalidGenerationException.class, () -> rules.check(call(64, 64, 17, 25, 2, 0)));

        // Then
        assertThat(refusal.field()).isEqualTo("fps");
    }

    private static GenerationParameters call(int height, int width, int frames, int steps, double guidance, int fps) {
        return new GenerationParameters("a red ball", "", steps, guidance, height, width, frames, fps, 0);
    }
}
