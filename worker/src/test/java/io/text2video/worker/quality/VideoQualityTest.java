package io.text2video.worker.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.worker.pipeline.Frames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VideoQualityTest {
    /** By scikit-image 0.25.2; vectors.py beside it makes them. */
    private static final Path VECTORS = Path.of("src/test/resources/quality/vectors.json");

    static Stream<JsonNode> vectors() throws IOException {
        return StreamSupport.stream(
                new ObjectMapper().readTree(VECTORS.toFile()).spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void shouldSayWhatScikitImageSays(JsonNode vector) {
        // Given
        int height = vector.path("height").asInt();
        int width = vector.path("width").asInt();
        int count = vector.path("frames").asInt();
        Frames expected = frames(count, height, width, 0);
        Frames actual = frames(count, height, width, vector.path("strength").asInt());

        // When
        VideoQuality quality = VideoQuality.of(expected, actual);

        // Then
        assertThat(quality.psnr()).isCloseTo(vector.path("psnr").asDouble(), within(1e-9));
        assertThat(quality.ssim()).isCloseTo(vector.path("ssim").asDouble(), within(1e-9));
    }

    @Test
    void shouldKnowAVideoFromItself() {
        Frames frames = frames(2, 16, 16, 0);

        VideoQuality quality = VideoQuality.of(frames, frames(2, 16, 16, 0));

        assertThat(quality.identical()).isTrue();
        assertThat(quality.ssim()).isEqualTo(1, within(1e-12));
        assertThat(VideoQuality.of(frames, frames(2, 16, 16, 1)).identical()).isFalse();
    }

    @Test
    void shouldRefuseVideosOfTwoSizes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VideoQuality.of(frames(1, 16, 32, 0), frames(1, 32, 16, 0)))
                .withMessageContaining("1 frames of 32x16 and 1 frames of 16x32");
    }

    @Test
    void shouldRefuseVideosSmallerThanTheWindow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VideoQuality.of(frames(1, 10, 16, 0), frames(1, 10, 16, 0)))
                .withMessageContaining("at least 11x11, not 16x10");
    }

    /** As vectors.py makes them. */
    private static Frames frames(int count, int height, int width, int strength) {
        byte[] rgb = new byte[count * height * width * 3];
        int i = 0;
        for (int frame = 0; frame < count; frame++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    for (int c = 0; c < 3; c++) {
                        int pixel =
                                (x * 7 + y * 13 + c * 50 + x * y % 17 * 3 + 40 * ((x / 8 + y / 8 + frame) % 2)) % 256;
                        int noise = (x * 31 + y * 17 + c * 11) % (2 * strength + 1) - strength;
                        rgb[i++] = (byte) Math.min(255, Math.max(0, pixel + noise));
                    }
                }
            }
        }
        return new Frames(count, height, width, rgb);
    }
}
