package io.text2video.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecoderMemoryTest {
    /** Added up by hand: one resolution, two resnets in the middle and two after it, one latent frame, 3 x 5 places. */
    @Test
    void shouldAddUpWhatTheLargestConvolutionHolds() throws IOException {
        long values = DecoderMemory.values(video(3, 5, 1, vae(List.of(8), 1)));

        // At the last convolution, to 3 channels; the one of 4 channels and eight of 8 before it each kept two frames.
        long tails = 2 * 15 * (4 + 8 * 8);
        // Its input, that normed with two frames ahead, the two that it keeps, and its output.
        assertThat(values).isEqualTo(tails + 15 * 8 + 15 * 8 * 3 + 15 * 8 * 2 + 15 * 3);
    }

    @Test
    void shouldHoldMoreOfALongerChunk() throws IOException {
        VaeConfig vae = vae(List.of(8, 8, 8, 16), 4);

        long three = DecoderMemory.values(video(64, 64, 9, vae));
        long two = DecoderMemory.values(video(64, 64, 5, vae));

        // Three latent frames are decoded together, as two are: nine video frames against eight.
        assertThat(three).isGreaterThan(two);
    }

    @Test
    void shouldNotGrowWithTheVideosLength() throws IOException {
        VaeConfig vae = vae(List.of(8, 8, 8, 16), 4);

        assertThat(DecoderMemory.values(video(64, 64, 97, vae)))
                .isEqualTo(DecoderMemory.values(video(64, 64, 17, vae)));
    }

    private static Extent video(int height, int width, int frames, VaeConfig vae) throws IOException {
        Path any = Reference.CHECKPOINT;
        return new Extent(height, width, frames, TextEncoderConfig.read(any), TransformerConfig.read(any), vae);
    }

    private static VaeConfig vae(List<Integer> channels, int temporalRatio) {
        List<String> down = Collections.nCopies(channels.size(), "CogVideoXDownBlock3D");
        List<String> up = Collections.nCopies(channels.size(), "CogVideoXUpBlock3D");
        return new VaeConfig(
                3, 3, down, up, channels, 4, 1, "silu", 1e-6, 4, temporalRatio, 64, 64, 1, false, false, false);
    }
}
