package io.text2video.common.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCostTest {
    private static final ModelDefaults DEFAULTS = new ModelDefaults(50, 6, false, 480, 720, 49, 8);
    private static final GenerationSize OWN = DEFAULTS.size();

    private final ModelCost cost = new ModelCost(226, 1, 0.5, 0.25, 1e-5, 1e-9, 1e-6);

    @Test
    void shouldAddUpWhatEachStageTakes() {
        // 226 of the prompt, and 13 latent frames of 30 x 45 patches
        double tokens = 226 + 13 * 30 * 45;

        assertThat(cost.textSeconds(OWN)).isEqualTo(2 * 0.5);
        assertThat(cost.denoisingSeconds(OWN, limits(null)))
                .isCloseTo(50 * (0.25 + 2 * (tokens * 1e-5 + tokens * tokens * 1e-9)), within(1e-9));
        assertThat(cost.decodingSeconds(OWN, limits(null))).isCloseTo(480 * 720 * 49 * 1e-6, within(1e-9));
        assertThat(cost.seconds(OWN, limits(null)))
                .isCloseTo(
                        cost.textSeconds(OWN)
                                + cost.denoisingSeconds(OWN, limits(null))
                                + cost.decodingSeconds(OWN, limits(null)),
                        within(1e-9));
    }

    @Test
    void shouldCountOnePredictionAStepWithoutGuidance() {
        var unguided = new GenerationSize(480, 720, 49, 50, 1);

        assertThat(cost.textSeconds(unguided)).isEqualTo(0.5);
        assertThat(cost.denoisingSeconds(unguided, limits(null)) - 50 * 0.25)
                .isCloseTo((cost.denoisingSeconds(OWN, limits(null)) - 50 * 0.25) / 2, within(1e-9));
    }

    @Test
    void shouldCountTheFramesThatAreDecodedAndThePatchesThatAreFilledUp() {
        var overTime = new ModelCost(226, 2, 0, 0, 1, 0, 1e-6);
        var even = new GenerationSize(16, 16, 13, 1, 1);

        // 4 latent frames decode to 16 frames, and are 2 patches of one place; 5 decode to 17, and are 3
        assertThat(overTime.decodingSeconds(even, limits(null))).isCloseTo(16 * 16 * 16 * 1e-6, within(1e-12));
        assertThat(overTime.denoisingSeconds(even, limits(null))).isEqualTo(226 + 2);
        assertThat(overTime.denoisingSeconds(even.withNumFrames(17), limits(null)))
                .isEqualTo(226 + 3);
        assertThat(overTime.decodingSeconds(even.withNumFrames(17), limits(null)))
                .isCloseTo(16 * 16 * 17 * 1e-6, within(1e-12));
    }

    @Test
    void shouldScaleEachStageByItself() {
        ModelCost scaled = cost.scaled(2, 3, 4);

        assertThat(scaled.textSeconds(OWN)).isCloseTo(2 * cost.textSeconds(OWN), within(1e-9));
        assertThat(scaled.denoisingSeconds(OWN, limits(null)))
                .isCloseTo(3 * cost.denoisingSeconds(OWN, limits(null)), within(1e-6));
        assertThat(scaled.decodingSeconds(OWN, limits(null)))
                .isCloseTo(4 * cost.decodingSeconds(OWN, limits(null)), within(1e-6));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "480 | 720 | 49 | 500 | num_inference_steps | 500 steps of 49 frames of 720x480 would take about 11 min, but a job may take 80 s; with all else as it is, this would fit: num_inference_steps 50",
                "480 | 720 | 193 | 50 | num_frames | this would fit: num_inference_steps 1, or num_frames 49, or size 368x240",
                "960 | 1440 | 49 | 50 | width | this would fit: num_frames 9, or size 720x480",
            })
    void shouldSayWhatIsDoneInTime(int height, int width, int frames, int steps, String field, String message) {
        var wanted = new GenerationSize(height, width, frames, steps, 6);

        // When
        GenerationTooLargeException refusal =
                catchThrowableOfType(GenerationTooLargeException.class, () -> cost.check(wanted, DEFAULTS, limits(80)));

        // Then
        assertThat(refusal.field()).isEqualTo(field);
        assertThat(refusal).hasMessageContaining(message);
    }

    @Test
    void shouldAdviseTheLargestThatIsDoneInTime() {
        var wanted = new GenerationSize(1200, 720, 97, 75, 6);
        ModelLimits limits = limits(60);

        // When
        GenerationTooLargeException refusal =
                catchThrowableOfType(GenerationTooLargeException.class, () -> cost.check(wanted, DEFAULTS, limits));

        // Then
        assertThat(refusal).hasMessageMatching(".*size 240x400");
        assertThat(cost.seconds(wanted.withSize(400, 240), limits)).isLessThanOrEqualTo(60);
        assertThat(cost.seconds(wanted.withSize(432, 256), limits)).isGreaterThan(60);
    }

    @Test
    void shouldSayWhoAllowsMoreWhereNothingFits() {
        GenerationTooLargeException refusal = catchThrowableOfType(
                GenerationTooLargeException.class,
                () -> cost.check(new GenerationSize(16, 16, 1, 1, 6), DEFAULTS, limits(1)));

        assertThat(refusal).hasMessageContaining("WORKER_MAX_JOB_TIME");
    }

    @Test
    void shouldTakeAnyTimeWhereThereIsNoLimit() {
        assertThatCode(() -> cost.check(new GenerationSize(4096, 4096, 1021, 1000, 6), DEFAULTS, limits(null)))
                .doesNotThrowAnyException();
    }

    private static ModelLimits limits(Integer seconds) {
        return new ModelLimits(16, 16, 4096, 16, 4096, 0, 4, 1024, 1000, false, null, seconds, false);
    }
}
