package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.config.VaeConfig;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatentRgbTest {
    @Test
    void shouldMapEachPixelOfEachFrame() {
        // Given two channels: the first is red, the second is half of green, and blue is at its most
        var map = new LatentRgb(List.of(List.of(1.0, 0.0, 0.0), List.of(0.0, 0.5, 0.0)), List.of(0.0, 0.0, 2.0));

        // When: 2 frames of 1x2 pixels
        Frames frames = map.pixels(new LatentFrames(2, 2, 1, 2, new float[] {-1, 1, 0, 2, 3, Float.NaN, -2, 1}));

        // Then
        assertThat(frames.rgb()).isEqualTo(new byte[] {0, (byte) 128, -1, -1, -1, -1, -1, 0, -1, 0, 0, 0});
    }

    @Test
    void shouldHaveThePublishedMapForCogVideoXsOwnVaeWhateverItsScale() {
        assertThat(LatentRgb.published(cogVideoX(0.7))).hasValueSatisfying(map -> {
            assertThat(map.channels()).isEqualTo(16);
            assertThat(map.map().get(0).get(0)).isEqualTo(3.5 * 0.03197404301362048);
            assertThat(map.bias()).containsExactly(-0.023, 0.0, -0.017);
        });
        assertThat(LatentRgb.published(cogVideoX(1.15258426))).isEqualTo(LatentRgb.published(cogVideoX(0.7)));
    }

    @Test
    void shouldHaveNoneForAnotherVae() throws IOException {
        assertThat(LatentRgb.published(VaeConfig.read(Reference.TINY_CHECKPOINT)))
                .isEmpty();
        assertThat(LatentRgb.published(cogVideoX(1.0))).isEmpty();
    }

    private static VaeConfig cogVideoX(double scalingFactor) {
        List<String> down =
                List.of("CogVideoXDownBlock3D", "CogVideoXDownBlock3D", "CogVideoXDownBlock3D", "CogVideoXDownBlock3D");
        List<String> up =
                List.of("CogVideoXUpBlock3D", "CogVideoXUpBlock3D", "CogVideoXUpBlock3D", "CogVideoXUpBlock3D");
        return new VaeConfig(
                3,
                3,
                down,
                up,
                List.of(128, 256, 256, 512),
                16,
                3,
                "silu",
                1e-6,
                32,
                4,
                480,
                720,
                scalingFactor,
                false,
                false,
                false);
    }
}
