package io.text2video.worker.kernels;

/**
 * The sizes of a model that ways are timed at.
 *
 * @param width of the transformer
 * @param heads of its attention
 * @param headWidth of each
 * @param tokens of its sequence, text and video; attention's cost is quadratic in it
 * @param channels of a typical layer of the VAE
 * @param groups of its norm, which divide the channels
 * @param side height and width of its features
 */
public record ProbeSizes(int width, int heads, int headWidth, int tokens, int channels, int groups, int side) {
    /** A longer sequence is timed as this: its attention would take seconds. */
    private static final int MOST_TOKENS = 2048;

    private static final int LARGEST_SIDE = 256;

    public ProbeSizes {
        tokens = Math.min(tokens, MOST_TOKENS);
        side = Math.min(side, LARGEST_SIDE);
    }

    /** As the kept choice is found by. */
    @Override
    public String toString() {
        return "%d wide, %d heads of %d, %d tokens, %d channels at %d"
                .formatted(width, heads, headWidth, tokens, channels, side);
    }
}
