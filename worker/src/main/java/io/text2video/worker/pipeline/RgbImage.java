package io.text2video.worker.pipeline;

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
}
