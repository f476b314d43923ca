package io.text2video.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
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

    /** As Pillow refuses them; what is missing would be filled in, and drawn from. */
    @ParameterizedTest
    @CsvSource({"false, 0.5", "false, 0.75", "false, 0.97", "true, 0.5", "true, 0.75", "true, 0.97"})
    void shouldRefuseAJpegThatEndsTooEarly(boolean progressive, double share) throws IOException {
        // Given
        byte[] file = jpeg(progressive);

        // When, Then
        assertThat(isImage(file)).isTrue();
        assertRefused(
                Arrays.copyOf(file, (int) (file.length * share)),
                "the JPEG image is damaged or incomplete",
                "Truncated File - Missing EOI marker",
                "save it again");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRefuseAJpegFromTheFirstByteThatIsMissing(boolean progressive) throws IOException {
        // Given
        byte[] file = jpeg(progressive);

        // When, Then
        for (int missing = 1; missing < 40; missing++) {
            assertRefused(Arrays.copyOf(file, file.length - missing), "Truncated File");
        }
    }

    @Test
    void shouldRefuseAJpegThatWasCutAndClosed() throws IOException {
        // Given what some tools make of half a file: its end without its middle
        byte[] file = jpeg(false);
        byte[] closed = Arrays.copyOf(file, file.length / 2);
        closed[closed.length - 2] = (byte) 0xff;
        closed[closed.length - 1] = (byte) 0xd9;

        // When, Then
        assertRefused(closed, "premature end of data segment");
    }

    @Test
    void shouldTakeAJpegWithBytesThatAreNoneOfItsPixels() throws IOException {
        // Given stray bytes before its end, which libjpeg warns of, and after it, as cameras leave them
        byte[] file = jpeg(false);
        byte[] strayed = Arrays.copyOf(file, file.length + 20);
        System.arraycopy(file, file.length - 2, strayed, file.length + 5, 2);
        strayed[file.length - 2] = 0;
        strayed[file.length - 1] = 0;

        // When, Then
        assertThat(isImage(strayed)).isTrue();
        assertThat(isImage(Arrays.copyOf(file, file.length + 20))).isTrue();
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

    /** Noise, so that most of the file is pixels. */
    private static byte[] jpeg(boolean progressive) throws IOException {
        BufferedImage image = new BufferedImage(96, 64, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
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
