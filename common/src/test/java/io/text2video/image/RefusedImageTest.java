package io.text2video.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedImageTest {
    private static final int PNG_WIDTH = 16;
    private static final int PNG_HEADER_CRC = 29;

    @Test
    void shouldRefuseAFileAboveTenMegabytes() {
        // Given
        byte[] file = Arrays.copyOf(PillowImages.file("rgb.png"), InputImage.MAX_BYTES + 1);

        // When, Then
        assertRefused(file, "10485761 bytes; at most 10485760");
    }

    @ParameterizedTest
    @CsvSource({
        "GIF89a, looks like GIF",
        "BM12345678901234, looks like BMP",
        "%PDF-1.7, looks like PDF",
        "0000ftypavif, looks like AVIF",
        "0000ftypheic, looks like HEIC",
        "0000ftypisom, looks like MP4",
        "<svg xmlns=, 'looks like SVG, XML or HTML'",
        "RIFF0000WAVEfmt, is of no known image format",
        "'', is empty"
    })
    void shouldNameTheFormatItDoesNotTake(String start, String named) {
        // When, Then
        assertRefused(start.getBytes(ISO_8859_1), named, "PNG, JPEG or WebP", "convert it");
    }

    @ParameterizedTest
    @CsvSource({"60000,60000", "16385,1", "1,16385", "0,5", "5,0", "-1,5"})
    void shouldRefuseSidesOutOfRange(int width, int height) {
        // When, Then
        assertThatThrownBy(() -> InputImage.decode(pngOfSize(width, height))).isInstanceOf(InvalidImageException.class);
    }

    @Test
    void shouldRefuseABombBeforeItIsUnpacked() {
        // When, Then
        assertRefused(pngOfSize(60_000, 60_000), "60000x60000", "1 to 16384", "scale it down");
        assertRefused(pngOfSize(8_000, 8_000), "64000000 pixels", "at most 50000000");
        assertRefused(jpegOfSize(16_000, 16_000), "256000000 pixels");
    }

    @Test
    void shouldRefuseAWebpWhoseCanvasIsHuge() {
        // Given
        byte[] file = PillowImages.file("lossy-alpha.webp");
        ByteBuffer.wrap(file)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(24, 0xffffff)
                .putInt(26, 0xffffff00);

        // When, Then
        assertThatThrownBy(() -> InputImage.inspect(file)).isInstanceOf(InvalidImageException.class);
    }

    @Test
    void shouldRefuseAWebpOfTooManyPixels() {
        // Given
        byte[] file = PillowImages.file("lossy.webp");
        ByteBuffer numbers = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        numbers.putShort(26, (short) 8_000).putShort(28, (short) 8_000);

        // When, Then
        assertRefused(file, "64000000 pixels", "at most 50000000");
    }

    @Test
    void shouldRefuseAWebpWhosePixelsAreLargerThanItsCanvas() {
        // Given
        byte[] file = PillowImages.file("lossy-alpha.webp");
        int pixels = new String(file, ISO_8859_1).indexOf("VP8 ") + 8;
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putShort(pixels + 6, (short) 16_383);

        // When, Then
        assertRefused(file, "it says both 30x21 and 16383x21");
    }

    @ParameterizedTest
    @ValueSource(strings = {"animated.png", "animated.webp"})
    void shouldRefuseAnAnimation(String name) {
        // When, Then
        assertRefused(PillowImages.file(name), "is animated", "save the frame you want");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.png", "420.jpg", "progressive.jpg", "lossless.webp", "profile.webp"})
    void shouldRefuseATruncatedFile(String name) {
        // Given
        byte[] file = PillowImages.file(name);

        // When, Then
        assertRefused(Arrays.copyOf(file, file.length / 2), "is damaged or incomplete", "save it again");
    }

    @Test
    void shouldEndInAnImageOrARefusalWhereverAFileIsCut() {
        // Given
        int images = 0;
        int refusals = 0;

        // When
        for (String name : PillowImages.names()) {
            byte[] file = PillowImages.file(name);
            for (int length = 0; length < file.length; length += 50) {
                if (isImage(Arrays.copyOf(file, length))) {
                    images++;
                } else {
                    refusals++;
                }
            }
        }

        // Then
        assertThat(refusals).isGreaterThan(images);
    }

    @Test
    void shouldEndInAnImageOrARefusalWhateverBytesAreChanged() {
        // Given
        Random random = new Random(1);
        int images = 0;
        int refusals = 0;

        // When
        for (int round = 0; round < 100; round++) {
            for (String name : PillowImages.names()) {
                byte[] file = PillowImages.file(name);
                for (int change = random.nextInt(1, 6); change > 0; change--) {
                    // Half of the changes near the start, where headers are.
                    int reach = random.nextBoolean() ? Math.min(80, file.length) : file.length;
                    file[random.nextInt(reach)] = (byte) random.nextInt(256);
                }
                if (isImage(file)) {
                    images++;
                } else {
                    refusals++;
                }
            }
        }

        // Then
        assertThat(images).isPositive();
        assertThat(refusals).isPositive();
    }

    private static boolean isImage(byte[] file) {
        try {
            DecodedImage image = InputImage.decode(file);
            assertThat(image.rgb()).hasSize(3 * image.height() * image.width());
            return true;
        } catch (InvalidImageException expected) {
            assertThat(expected).hasMessageNotContaining("null");
            return false;
        }
    }

    private static void assertRefused(byte[] file, String... parts) {
        assertThatThrownBy(() -> InputImage.decode(file))
                .isInstanceOf(InvalidImageException.class)
                .hasMessageContainingAll(parts);
    }

    private static byte[] pngOfSize(int width, int height) {
        byte[] file = PillowImages.file("rgb.png");
        CRC32 crc = new CRC32();
        ByteBuffer numbers = ByteBuffer.wrap(file).putInt(PNG_WIDTH, width).putInt(PNG_WIDTH + 4, height);
        crc.update(file, PNG_WIDTH - 4, PNG_HEADER_CRC - PNG_WIDTH + 4);
        numbers.putInt(PNG_HEADER_CRC, (int) crc.getValue());
        return file;
    }

    private static byte[] jpegOfSize(int width, int height) {
        byte[] file = PillowImages.file("420.jpg");
        int frame = new String(file, ISO_8859_1).indexOf("\u00ff\u00c0");
        ByteBuffer.wrap(file).putShort(frame + 5, (short) height).putShort(frame + 7, (short) width);
        return file;
    }
}
