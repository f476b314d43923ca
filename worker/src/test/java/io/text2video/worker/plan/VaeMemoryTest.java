package io.text2video.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class VaeMemoryTest {
    private static final Arithmetic FP32 = new Arithmetic(Arithmetic.Floor.ONEDNN, 4, 4);
    private static final Arithmetic BF16 = new Arithmetic(Arithmetic.Floor.ONEDNN, 2, 2);
    private static final Arithmetic WIDENED = new Arithmetic(Arithmetic.Floor.CPU, 2, 4);

    /** Added up by hand: one resolution, two resnets in the middle and two after it, one latent frame, 3 x 5 places. */
    @Test
    void shouldAddUpWhatTheLargestConvolutionHolds() throws IOException {
        Extent video = video(3, 5, 1, vae(List.of(8), 1));

        // At the last convolution, to 3 channels; the one of 4 channels and eight of 8 before it each kept two frames.
        long tails = 2 * 15 * (4 + 8 * 8);
        // Its input, that normed with two frames ahead, the two that it keeps, and its output.
        long held = tails + 15 * 8 + 15 * 8 * 3 + 15 * 8 * 2;
        assertThat(decoded(video)).isEqualTo(4 * (held + 15 * 3));
        // Half as much where bf16 is multiplied as it is.
        assertThat(VaeMemory.ofFrames(video, BF16, 3, 5)).isEqualTo(2 * (held + 15 * 3));
    }

    /** The same video; the input of a convolution is widened, and laid out anew before the widened one is freed. */
    @Test
    void shouldCountWhatIsWidenedForAProduct() throws IOException {
        long bytes = VaeMemory.ofFrames(video(3, 5, 1, vae(List.of(8), 1)), WIDENED, 3, 5);

        long tails = 2 * 15 * (4 + 8 * 8);
        assertThat(bytes).isEqualTo(2 * (tails + 15 * 8 + 15 * 8 * 3 + 15 * 8 * 2) + 2 * 4 * 15 * 8 * 3);
    }

    /** On a GPU a resnet's second convolution has a result beside what it is added to. */
    @Test
    void shouldCountResultsThatAreAddedOnAGpu() throws IOException {
        Extent video = video(3, 5, 3, vae(List.of(8), 1));

        // At the last resnet: its input, the first convolution's result, that normed, and what is kept.
        long tails = 2 * 15 * (4 + 7 * 8);
        long held = tails + 15 * 8 * 3 * 2 + 15 * 8 * (3 + 2) + 15 * 8 * 2;
        assertThat(VaeMemory.ofFrames(video, Arithmetic.onGpu(DType.F16), 3, 5)).isEqualTo(2 * (held + 15 * 8 * 3));
    }

    /** An image is one frame, but each convolution keeps two for a next chunk. */
    @Test
    void shouldCountWhatAnImagesConvolutionsKeep() throws IOException {
        VaeConfig vae = vae(List.of(8), 1);

        long bytes = VaeMemory.ofSamples(video(3, 5, 1, vae), FP32, 1, 3, 5);

        // Of one resnet a level: its input, the first convolution's result, three frames, two kept now and two before.
        assertThat(bytes).isEqualTo(4 * 15 * 8 * (1 + 1 + 3 + 2 + 2));
    }

    /** Up to its first chunk, which the remainder of eights joins, and what that leaves to the ones after it. */
    @Test
    void shouldCountTheChunksOfAVideoThatIsEncoded() throws IOException {
        Extent video = video(64, 64, 97, vae(List.of(8, 8, 8, 16), 4));

        assertThat(VaeMemory.ofSamples(video, FP32, 9, 8, 8)).isGreaterThan(VaeMemory.ofSamples(video, FP32, 1, 8, 8));
        assertThat(VaeMemory.ofSamples(video, FP32, 17, 8, 8)).isEqualTo(VaeMemory.ofSamples(video, FP32, 97, 8, 8));
    }

    @Test
    void shouldHoldMoreOfALongerChunk() throws IOException {
        VaeConfig vae = vae(List.of(8, 8, 8, 16), 4);

        long three = decoded(video(64, 64, 9, vae));
        long two = decoded(video(64, 64, 5, vae));

        // Three latent frames are decoded together, as two are: nine video frames against eight.
        assertThat(three).isGreaterThan(two);
    }

    @Test
    void shouldNotGrowWithTheVideosLength() throws IOException {
        VaeConfig vae = vae(List.of(8, 8, 8, 16), 4);

        assertThat(decoded(video(64, 64, 97, vae))).isEqualTo(decoded(video(64, 64, 17, vae)));
    }

    private static long decoded(Extent video) {
        return VaeMemory.ofFrames(video, FP32, video.latentHeight(), video.latentWidth());
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
