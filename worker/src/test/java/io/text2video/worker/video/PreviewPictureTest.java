package io.text2video.worker.video;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.pipeline.Frames;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PreviewPictureTest {
    @Test
    void shouldPutFramesSideBySide() throws IOException {
        // Given a red frame and a blue one
        byte[] rgb = new byte[2 * 3 * 16 * 24];
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i < rgb.length / 2 ? i : i + 2] = -1;
        }

        BufferedImage image = read(PreviewPicture.jpeg(new Frames(2, 16, 24, rgb)));

        assertThat(image.getWidth()).isEqualTo(48);
        assertThat(image.getHeight()).isEqualTo(16);
        assertThat(image.getRGB(4, 8) >> 16 & 255).as("red at the left").isGreaterThan(240);
        assertThat(image.getRGB(44, 8) & 255).as("blue at the right").isGreaterThan(240);
        assertThat(image.getRGB(44, 8) >> 16 & 255).isLessThan(16);
    }

    @Test
    void shouldTakeTwentyKilobytesAtMostWhateverItShows() throws IOException {
        // Given noise, of a video of 1360x768 and of one that is much larger
        for (int side : new int[] {1, 128, 600}) {
            byte[] rgb = new byte[3 * side * 2 * side];
            new Random(1).nextBytes(rgb);

            byte[] jpeg = PreviewPicture.jpeg(new Frames(1, side, 2 * side, rgb));

            assertThat(jpeg.length).isBetween(100, PreviewPicture.MOST_BYTES);
            assertThat(read(jpeg).getWidth()).isBetween(2, 2 * side);
        }
    }

    @Test
    void shouldShowNothingButBlackInBlack() throws IOException {
        byte[] rgb = new byte[3 * 60 * 90];
        Arrays.fill(rgb, (byte) 0);

        assertThat(read(PreviewPicture.jpeg(new Frames(1, 60, 90, rgb))).getRGB(40, 30))
                .isEqualTo(0xff000000);
    }

    private static BufferedImage read(byte[] jpeg) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(jpeg));
    }
}
