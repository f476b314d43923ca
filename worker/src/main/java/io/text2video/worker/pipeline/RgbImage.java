package io.text2video.worker.pipeline;

import io.text2video.image.DecodedImage;
import io.text2video.image.InputImage;
import io.text2video.image.InvalidImageException;
import io.text2video.worker.state.Digests;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The pixels of one image: {@code rgb} is [height, width, 3], one unsigned byte a channel.
 *
 * <p>Holds the array it is given, without a copy.
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of pixels that nobody compares
public record RgbImage(int height, int width, byte[] rgb) {
    public RgbImage {
        long expected = 3L * height * width;
        if (height < 1 || width < 1 || rgb.length != expected) {
            throw new IllegalArgumentException(
                    "an image of %dx%d takes %d bytes, not %d".formatted(width, height, expected, rgb.length));
        }
    }

    /**
     * Reads a PNG, JPEG or WebP as {@link InputImage} does.
     *
     * @throws IOException naming a file that cannot be read or is no such image
     */
    public static RgbImage read(Path file) throws IOException {
        try {
            DecodedImage image = InputImage.decode(InputImage.read(file));
            return new RgbImage(image.height(), image.width(), image.rgb());
        } catch (InvalidImageException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** The pixels of an image in memory, without its alpha. */
    public static RgbImage of(BufferedImage image) {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        byte[] rgb = new byte[3 * pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            rgb[3 * i] = (byte) (pixels[i] >> 16);
            rgb[3 * i + 1] = (byte) (pixels[i] >> 8);
            rgb[3 * i + 2] = (byte) pixels[i];
        }
        return new RgbImage(image.getHeight(), image.getWidth(), rgb);
    }

    /** Its size and a SHA-256 in hex of its pixels: other images have another one. */
    public String digest() {
        return "%dx%d %s".formatted(height, width, Digests.hex(rgb));
    }

    /** As diffusers resizes what it takes; the same one where it has that size already. The aspect ratio is not kept. */
    public RgbImage resized(int newHeight, int newWidth) {
        return LanczosResize.resize(this, newHeight, newWidth);
    }
}
