package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.TensorKernels;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Compares with Pillow 13.0.0 and diffusers 0.39; a file's records are four sizes, the image, the result. */
class ImagePreprocessorTest {
    @Test
    void shouldResizeToPillowsBits() throws IOException {
        // Given
        List<String> different = new ArrayList<>();
        int cases = 0;

        try (DataInputStream file = open("lanczos.bin.gz")) {
            for (; cases < 16; cases++) {
                int[] sizes = sizes(file);
                RgbImage image = image(file, sizes[0], sizes[1]);
                RgbImage expected = image(file, sizes[2], sizes[3]);

                // When
                RgbImage resized = LanczosResize.resize(image, sizes[2], sizes[3]);

                // Then
                int difference = largestDifference(resized.rgb(), expected.rgb());
                if (difference != 0) {
                    different.add("%dx%d to %dx%d: largest difference %d"
                            .formatted(sizes[1], sizes[0], sizes[3], sizes[2], difference));
                }
            }
            assertThat(file.read()).as("all cases read").isEqualTo(-1);
        }
        assertThat(different).isEmpty();
    }

    @Test
    void shouldKeepAnImageThatHasTheSizeAlready() {
        // Given
        RgbImage image = new RgbImage(1, 2, new byte[] {1, 2, 3, 4, 5, 6});

        // When, Then
        assertThat(LanczosResize.resize(image, 1, 2)).isSameAs(image);
    }

    @Test
    void shouldRefuseASizeOfNothing() {
        // Given
        RgbImage image = new RgbImage(1, 1, new byte[3]);

        // When, Then
        assertThatThrownBy(() -> LanczosResize.resize(image, 0, 8)).hasMessageContaining("8x0");
    }

    @Test
    void shouldGiveTheEncoderWhatDiffusersGivesIt() throws IOException {
        // Given
        try (DataInputStream file = open("preprocessed.bin.gz");
                Kernels kernels = Kernels.load();
                MemoryScope scope = kernels.openScope()) {
            int[] sizes = sizes(file);
            RgbImage image = image(file, sizes[0], sizes[1]);
            float[] expected = new float[3 * sizes[2] * sizes[3]];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = file.readFloat();
            }

            // When
            float[] actual =
                    TensorKernels.toFloats(scope, ImagePreprocessor.preprocess(scope, image, sizes[2], sizes[3]));

            // Then
            float difference = 0;
            for (int i = 0; i < expected.length; i++) {
                difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
            }
            assertThat(actual).as("largest difference %s", difference).containsExactly(expected);
        }
    }

    private static DataInputStream open(String name) throws IOException {
        return new DataInputStream(
                new GZIPInputStream(ImagePreprocessorTest.class.getResourceAsStream("/image/" + name)));
    }

    private static int[] sizes(DataInputStream file) throws IOException {
        return new int[] {file.readInt(), file.readInt(), file.readInt(), file.readInt()};
    }

    private static RgbImage image(DataInputStream file, int height, int width) throws IOException {
        byte[] rgb = new byte[3 * height * width];
        file.readFully(rgb);
        return new RgbImage(height, width, rgb);
    }

    private static int largestDifference(byte[] actual, byte[] expected) {
        int largest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs((actual[i] & 255) - (expected[i] & 255)));
        }
        return largest;
    }
}
