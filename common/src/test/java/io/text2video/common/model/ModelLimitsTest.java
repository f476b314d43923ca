package io.text2video.common.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelLimitsTest {
    private static final ModelDefaults TINY = new ModelDefaults(25, 2, false, 64, 64, 17, 8);
    private static final ModelDefaults PUBLISHED = new ModelDefaults(50, 6, false, 480, 720, 49, 8);

    private final ModelLimits any = new ModelLimits(16, 16, 4096, 16, 4096, 0, 4, 1024, 1000, false, null, null, false);

    @Test
    void shouldTakeFourTimesWhatTheModelDrawsByItself() {
        ModelLimits tiny = any.within(TINY, 0, 0, Duration.ZERO);
        ModelLimits published = any.within(PUBLISHED, 0, 0, Duration.ZERO);

        assertThat(tiny.maxPixels()).isEqualTo(4 * 64 * 64);
        assertThat(tiny.maxFrames()).isEqualTo(65);
        assertThat(published.maxPixels()).isEqualTo(4 * 480 * 720);
        assertThat(published.maxFrames()).isEqualTo(193);
        assertThatCode(() -> tiny.check(128, 128, 65, 1000)).doesNotThrowAnyException();
        assertThatCode(() -> published.check(1280, 720, 97, 50)).doesNotThrowAnyException();
    }

    @Test
    void shouldTakeWhatAWorkerIsSetTo() {
        ModelLimits set = any.within(TINY, 640 * 640, 9, Duration.ofHours(2));

        assertThat(set.maxPixels()).isEqualTo(640 * 640);
        assertThat(set.maxFrames()).isEqualTo(9);
        assertThat(set.maxJobSeconds()).isEqualTo(7200);
    }

    @Test
    void shouldNeverBeWiderThanWhatTheModelCanDraw() {
        var narrow = new ModelLimits(16, 16, 96, 16, 96, 96 * 96, 4, 21, 1000, false, null, null, false);

        ModelLimits set = narrow.within(TINY, 1 << 30, 1 << 30, Duration.ZERO);

        assertThat(set).isEqualTo(narrow);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1280 | 720 | 17 | height | 720x1280 has 921600 pixels, but a frame must have at most 16384; the nearest of this shape is 96x160",
                "720 | 1280 | 17 | width | the nearest of this shape is 160x96",
                "144 | 128 | 17 | height | the nearest of this shape is 112x128",
                "16 | 4096 | 17 | width | the nearest of this shape is 1024x16",
                "64 | 64 | 69 | num_frames | num_frames is 69, but must be a multiple of 4 plus 1, from 1 to 65; the nearest is 65",
            })
    void shouldSayWhatFits(int height, int width, int frames, String field, String message) {
        // When
        GenerationTooLargeException refusal =
                catchThrowableOfType(GenerationTooLargeException.class, () -> any.within(TINY, 0, 0, Duration.ZERO)
                        .check(height, width, frames, 25));

        // Then
        assertThat(refusal.field()).isEqualTo(field);
        assertThat(refusal).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "64 | 64 | 17 | 17 frames of 64x64 have 69632 pixels, but its workers have memory for 40960; with all else as it is, this would fit: num_frames 9, or size 48x48",
                "128 | 128 | 5 | this would fit: num_frames 1, or size 80x80",
                "16 | 16 | 161 | this would fit: num_frames 157",
            })
    void shouldSayWhatFitsInMemory(int height, int width, int frames, String message) {
        // Given
        ModelLimits limits = any.inMemory(1 << 30, 40_960L);

        // When
        GenerationTooLargeException refusal =
                catchThrowableOfType(GenerationTooLargeException.class, () -> limits.check(height, width, frames, 25));

        // Then
        assertThat(refusal.field()).isEqualTo("num_frames");
        assertThat(refusal).hasMessageContaining(message);
    }

    @Test
    void shouldTakeASizeOfEveryPixelThatACardWithoutALimitAllows() {
        assertThat(any.maxPixels()).isEqualTo(4096 * 4096);
        assertThatCode(() -> any.check(4096, 4096, 1, 25)).doesNotThrowAnyException();
    }

    @Test
    void shouldHoldAVideoToWhatOneArrayCanHold() {
        InvalidGenerationException refusal =
                catchThrowableOfType(InvalidGenerationException.class, () -> any.check(4096, 4096, 101, 25));

        assertThat(refusal).isNotInstanceOf(GenerationTooLargeException.class).hasMessageContaining("bytes of RGB");
        assertThat(refusal.field()).isEqualTo("num_frames");
    }
}
