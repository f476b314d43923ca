package io.text2video.worker.pipeline;

/**
 * Some latent frames outside the engine: {@code values} is [count, channels, height, width], in the VAE's scale, so divided by
 * its {@code scaling_factor}.
 *
 * <p>Holds the array it is given, without a copy.
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier that nobody compares
record LatentFrames(int count, int channels, int height, int width, float[] values) {
    LatentFrames {
        long expected = (long) count * channels * height * width;
        if (values.length != expected) {
            throw new IllegalArgumentException("%d latent frames of %dx%dx%d take %d values, not %d"
                    .formatted(count, channels, height, width, expected, values.length));
        }
    }

    /** The place of a frame's pixel in the first of its channels; the next channel's is {@code height · width} further. */
    int at(int frame, int pixel) {
        return frame * channels * height * width + pixel;
    }
}
