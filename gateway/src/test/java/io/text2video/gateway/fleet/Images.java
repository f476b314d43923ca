package io.text2video.gateway.fleet;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Images for tests. */
public final class Images {
    private static final int HEADER_CHUNK = 12;
    private static final int HEADER_CHUNK_LENGTH = 17;

    private Images() {}

    /** @param format {@code png} or {@code jpg} */
    public static byte[] image(String format) {
        var file = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB), format, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    /** One pixel, lossless. */
    public static byte[] webp() {
        return Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");
    }

    /** A small PNG that says that it is huge. */
    public static byte[] bomb() {
        byte[] file = image("png");
        ByteBuffer bytes = ByteBuffer.wrap(file);
        bytes.putInt(HEADER_CHUNK + 4, 60_000).putInt(HEADER_CHUNK + 8, 60_000);
        var sum = new CRC32();
        sum.update(file, HEADER_CHUNK, HEADER_CHUNK_LENGTH);
        bytes.putInt(HEADER_CHUNK + HEADER_CHUNK_LENGTH, (int) sum.getValue());
        return file;
    }

    /** A PNG with so much behind its end that the file has that many bytes. */
    public static byte[] ofBytes(int bytes) {
        return Arrays.copyOf(image("png"), bytes);
    }

    public static String dataUrl(byte[] file) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(file);
    }
}
