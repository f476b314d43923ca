package io.text2video.worker.pipeline;

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
}
