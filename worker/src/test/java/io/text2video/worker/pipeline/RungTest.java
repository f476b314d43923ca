package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever way a generation runs, it draws the same; tiles alone may change pixels. */
class RungTest {
    /** So many tokens that the feed-forward is cut: 226 of text and 896 of video. */
    private static final GenerationParameters PARAMETERS =
            new GenerationParameters("a red ball", "blurry", 2, 6, false, 0, 128, 128, 53, 8, 1, List.of(), null);

    private CogVideoXPipeline pipeline;

    @BeforeEach
    void load() throws IOException {
        pipeline = CogVideoXPipeline.load(Reference.TINY_CHECKPOINT);
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    @ParameterizedTest
    @EnumSource(value = Saving.class, mode = EnumSource.Mode.EXCLUDE, names = "VAE_TILES")
    void shouldDrawTheSame(Saving saving) {
        // Given
        byte[] whole = draw(Rung.WHOLE);

        // When
        byte[] saved = draw(Rung.WHOLE.with(saving));
        byte[] again = draw(Rung.WHOLE.with(saving));

        // Then
        assertThat(largestDifference(whole, saved)).as("levels of 255").isLessThanOrEqualTo(1);
        assertThat(again).isEqualTo(saved);
    }

    private byte[] draw(Rung rung) {
        var frames = new CollectedFrames(PARAMETERS);
        pipeline.generate(PARAMETERS, rung, StepListener.NONE, frames, TraceSink.NONE);
        return frames.frames().rgb();
    }

    private static int largestDifference(byte[] a, byte[] b) {
        assertThat(b).hasSameSizeAs(a);
        int largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(Byte.toUnsignedInt(a[i]) - Byte.toUnsignedInt(b[i])));
        }
        return largest;
    }
}
