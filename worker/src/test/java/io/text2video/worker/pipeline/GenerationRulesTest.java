package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.ModelLimits;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationRulesTest {
    private final ModelLimits limits =
            new ModelLimits(16, 16, 2048, 16, 2048, 0, 4, 1024, 1000, false, null, null, false);

    @ParameterizedTest
    @CsvSource({"16, 16, 1, 1, 0", "64, 80, 17, 50, 6", "480, 720, 49, 1000, 1", "768, 1360, 81, 25, 30"})
    void shouldAcceptWhatTheModelServes(int height, int width, int frames, int steps, double guidance) {
        assertThatCode(() -> GenerationRules.check(call(height, width, frames, steps, guidance, 8), limits))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "height | 100 | 64 | 17 | 25 | 2 | height is 100, but must be a multiple of 16, from 16 to 2048; the nearest are 96 and 112",
                "height | 0 | 64 | 17 | 25 | 2 | height is 0, but must be a multiple of 16, from 16 to 2048; the nearest is 16",
                "width | 64 | -16 | 17 | 25 | 2 | width is -16, but must be a multiple of 16, from 16 to 2048; the nearest is 16",
                "num_frames | 64 | 64 | 15 | 25 | 2 | num_frames is 15, but must be a multiple of 4 plus 1, from 1 to 1024; the nearest are 13 and 17",
                "num_frames | 64 | 64 | 0 | 25 | 2 | num_frames is 0, but must be a multiple of 4 plus 1, from 1 to 1024; the nearest is 1",
                "num_inference_steps | 64 | 64 | 17 | 0 | 2 | must be from 1 to 1000; the nearest is 1",
                "num_inference_steps | 64 | 64 | 17 | 1001 | 2 | must be from 1 to 1000; the nearest is 1000",
                "guidance_scale | 64 | 64 | 17 | 25 | NaN | guidance_scale is NaN, but must be finite and at least 0",
                "guidance_scale | 64 | 64 | 17 | 25 | -1 | guidance_scale is -1.0, but must be finite and at least 0",
                "num_frames | 2048 | 2048 | 1021 | 25 | 2 | ask for fewer or smaller",
            })
    void shouldNameTheValueTheRuleAndTheNearestValid(
            String field, int height, int width, int frames, int steps, double guidance, String message) {
        // When
        InvalidGenerationException refusal = catchThrowableOfType(
                InvalidGenerationException.class,
                () -> GenerationRules.check(call(height, width, frames, steps, guidance, 8), limits));

        // Then
        assertThat(refusal.field()).isEqualTo(field);
        assertThat(refusal).hasMessageContaining(message);
    }

    @Test
    void shouldRefuseAFrameRateBelowOne() {
        // When
        InvalidGenerationException refusal = catchThrowableOfType(
                InvalidGenerationException.class, () -> GenerationRules.check(call(64, 64, 17, 25, 2, 0), limits));

        // Then
        assertThat(refusal.field()).isEqualTo("fps");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
    void shouldRefuseAThresholdThatIsNoPart(double threshold) {
        // When
        InvalidGenerationException refusal = catchThrowableOfType(
                InvalidGenerationException.class,
                () -> GenerationRules.check(call(64, 64, 17, 25, 2, 8).withCacheThreshold(threshold), limits));

        // Then
        assertThat(refusal.field()).isEqualTo("cache_threshold");
        assertThat(refusal)
                .hasMessage("cache_threshold is %s, but must be from 0 (every step is computed) to 1", threshold);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | 999 999  | timesteps must fall strictly, but 999 follows 999",
                "3 | 999 499  | num_inference_steps must be left out beside timesteps, or be as many, 2, not 3",
                "2 | 1000 499 | timesteps is 1000, but must be from 0 to 999; the nearest is 999",
                "2 | 499 -1   | timesteps is -1, but must be from 0 to 999; the nearest is 0",
            })
    void shouldRefuseTimestepsThatAreNone(int steps, String timesteps, String message) {
        List<Integer> values =
                Stream.of(timesteps.split(" ")).map(Integer::valueOf).toList();
        var call = new GenerationParameters(
                "a ball", "", steps, values, 2, false, 0, 0, 64, 64, 17, 8, 0, List.of(), null, null, null);

        assertThatThrownBy(() -> GenerationRules.check(call, limits)).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0", "0.8, 25, 5", "0.04, 25, 24", "0.5, 25, 13", "0.99, 1000, 10"})
    void shouldLeaveOutTheNoisiestSteps(double strength, int steps, int skipped) {
        // Given
        GenerationParameters call = call(64, 64, 9, steps, 2, 8).startingFrom(video(9, strength));

        // When
        GenerationRules.check(call, limits);

        // Then
        assertThat(call.steps().skipped()).isEqualTo(skipped);
        assertThat(call.size().numInferenceSteps()).isEqualTo(steps - skipped);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "9 | 0    | strength    | strength is 0.0, but must be above 0, to 1",
                "9 | -0.5 | strength    | strength is -0.5, but must be above 0, to 1",
                "9 | 1.01 | strength    | strength is 1.01, but must be above 0, to 1",
                "9 | NaN  | strength    | strength is NaN, but must be above 0, to 1",
                "9 | 0.03 | strength    | strength is 0.03, which leaves none of 25 steps; the least that leaves one is 0.0400",
                "6 | 0.8  | num_frames  | num_frames is 6, but must be a multiple of 4 plus 1, from 1 to 1024; the nearest are 5 and 9",
            })
    void shouldRefuseAVideoThatNoneIsMadeFrom(int frames, double strength, String field, String message) {
        // Given
        GenerationParameters call = call(64, 64, 9, 25, 2, 8).startingFrom(video(frames, strength));

        // When
        InvalidGenerationException refusal =
                catchThrowableOfType(InvalidGenerationException.class, () -> GenerationRules.check(call, limits));

        // Then
        assertThat(refusal.field()).isEqualTo(field);
        assertThat(refusal).hasMessage(message);
    }

    @Test
    void shouldRefuseAVideoWhereThereIsAnImage() {
        // Given
        GenerationParameters call = call(64, 64, 9, 25, 2, 8).startingFrom(video(9, 0.8));
        GenerationParameters both = call.startingFrom(new RgbImage(1, 1, new byte[3]));
        var fromImages = new ModelLimits(16, 16, 2048, 16, 2048, 0, 4, 1024, 1000, true, null, null, false);

        // When, Then
        assertThatThrownBy(() -> GenerationRules.check(both, limits))
                .hasMessage("video and image exclude each other: a video is made from one of them");
        assertThatThrownBy(() -> GenerationRules.check(call, fromImages))
                .hasMessageStartingWith("video cannot be used: this model makes a video from an image and a prompt");
    }

    @ParameterizedTest
    @CsvSource({"9, are 5 and 13", "1, is 5", "81, are 77 and 85"})
    void shouldRefuseAVideoThatFillsNoWholePatches(int frames, String nearest) {
        // Given
        GenerationParameters call = call(64, 64, frames, 25, 2, 8);
        GenerationParameters ofVideo = call.startingFrom(video(frames, 0.8));

        // When, Then
        assertThatCode(() -> GenerationRules.checkPatches(call, 4, 2)).doesNotThrowAnyException();
        assertThatCode(() -> GenerationRules.checkPatches(ofVideo, 4, 1)).doesNotThrowAnyException();
        assertThatThrownBy(() -> GenerationRules.checkPatches(ofVideo, 4, 2))
                .hasMessageEndingWith("the nearest " + nearest);
        assertThatThrownBy(() ->
                        GenerationRules.checkPatches(call.along(video(frames, 1).frames()), 4, 2))
                .hasMessageEndingWith("the nearest " + nearest);
    }

    @Test
    void shouldHoldAControlVideoToTheSameLimits() {
        GenerationParameters call = call(64, 64, 9, 25, 2, 8);

        assertThatCode(() -> GenerationRules.check(call.along(video(13, 1).frames()), limits))
                .doesNotThrowAnyException();
        assertThat(call.along(video(13, 1).frames()).size().numFrames()).isEqualTo(13);
        assertThat(call.along(video(13, 1).frames()).steps().skipped()).isZero();
        assertThatThrownBy(() -> GenerationRules.check(call.along(video(6, 1).frames()), limits))
                .hasMessageStartingWith("num_frames is 6, but must be a multiple of 4 plus 1");
    }

    private static SourceVideo video(int frames, double strength) {
        return new SourceVideo(new Frames(frames, 1, 1, new byte[3 * frames]), strength);
    }

    private static GenerationParameters call(int height, int width, int frames, int steps, double guidance, int fps) {
        return new GenerationParameters(
                "a red ball", "", steps, guidance, false, 0, height, width, frames, fps, 0, List.of(), null);
    }
}
