package io.text2video.worker.pipeline;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * The pixels of a video: {@code rgb} is [count, height, width, 3], one unsigned byte a channel.
 *
 * <p>Holds the array it is given, without a copy.
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of pixels that nobody compares
public record Frames(int count, int height, int width, byte[] rgb) {
    public Frames {
        long expected = 3L * count * height * width;
        if (rgb.length != expected) {
            throw new IllegalArgumentException(
                    "%d frames of %dx%d take %d bytes, not %d".formatted(count, width, height, expected, rgb.length));
        }
    }

    /** The frames from one on; a copy. */
    public Frames from(int first) {
        int frame = rgb.length / count;
        return new Frames(count - first, height, width, Arrays.copyOfRange(rgb, first * frame, rgb.length));
    }

    /** So many of the frames, from the first on; a copy. */
    public Frames first(int frames) {
        return new Frames(frames, height, width, Arrays.copyOf(rgb, rgb.length / count * frames));
    }

    /** One of the frames, the pixels that it shows; a copy. */
    public RgbImage rgb(int frame) {
        int length = rgb.length / count;
        return new RgbImage(height, width, Arrays.copyOfRange(rgb, frame * length, (frame + 1) * length));
    }

    /** One of the frames as an image of its own, pixel for pixel. */
    public BufferedImage image(int frame) {
        int[] pixels = new int[height * width];
        for (int i = 0, at = 3 * frame * pixels.length; i < pixels.length; i++, at += 3) {
            pixels[i] = ((rgb[at] & 0xff) << 16) | ((rgb[at + 1] & 0xff) << 8) | (rgb[at + 2] & 0xff);
        }
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, width, height, pixels, 0, width);
        return image;
    }
}
