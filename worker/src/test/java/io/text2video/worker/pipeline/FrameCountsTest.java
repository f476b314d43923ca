package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.model.InvalidGenerationException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameCountsTest {
    @ParameterizedTest
    @CsvSource({"17, 11, 9", "9, 11, 9", "9, 9, 9", "5, 11, 5", "9, 4, 1", "9, 1, 1"})
    void shouldTakeAsManyFramesAsCanBeDrawn(int wanted, int has, int taken) {
        Frames frames = FrameCounts.edited(frames(has), call(wanted), 4, false);

        assertThat(frames.count()).isEqualTo(taken);
        assertThat(frames.rgb()).isEqualTo(frames(taken).rgb());
    }

    @Test
    void shouldTakeExactlyWhatIsWantedOrSayWhatWouldFit() {
        assertThat(FrameCounts.edited(frames(9), call(9), 4, true).count()).isEqualTo(9);
        assertThatThrownBy(() -> FrameCounts.edited(frames(8), call(9), 4, true))
                .isInstanceOfSatisfying(InvalidGenerationException.class, refusal -> assertThat(refusal.field())
                        .isEqualTo("num_frames"))
                .hasMessage("num_frames is 9, but the video has 8 frames at 8 a second; 5 would fit");
    }

    @ParameterizedTest
    @CsvSource({"20, 12, 9, 20", "21, 12, 9, 20", "22, 12, 13, 24", "23, 12, 13, 24", "13, 12, 5, 16", "29, 1, 29, 29"})
    void shouldDrawWhatComesNearestToTheTotal(int wanted, int before, int drawn, int total) {
        assertThat(FrameCounts.drawn(wanted, before, 8, 4)).isEqualTo(drawn);
        assertThat(FrameCounts.total(before, drawn)).isEqualTo(total);
    }

    @ParameterizedTest
    @CsvSource({"12", "9"})
    void shouldNotGoOnWithAVideoThatIsLongEnough(int total) {
        assertThatThrownBy(() -> FrameCounts.drawn(total, 12, 8, 4))
                .isInstanceOfSatisfying(InvalidGenerationException.class, refusal -> assertThat(refusal.field())
                        .isEqualTo("num_frames"))
                .hasMessage("num_frames is %d, but the video already has 12 frames at 8 a second; ask for more", total);
    }

    /** Each of one pixel, and another shade. */
    private static Frames frames(int count) {
        byte[] rgb = new byte[3 * count];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i / 3);
        }
        return new Frames(count, 1, 1, rgb);
    }

    private static GenerationParameters call(int frames) {
        return new GenerationParameters("a ball", "", 2, 1, false, 0, 32, 80, frames, 8, 0, List.of(), null);
    }
}
