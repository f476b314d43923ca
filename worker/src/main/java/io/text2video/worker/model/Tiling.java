package io.text2video.worker.model;

import io.text2video.worker.config.VaeConfig;

/**
 * How the VAE cuts frames into overlapping tiles, so that memory does not grow with their size. Tiles overlap by a sixth
 * of their height and a fifth of their width; the group norms take their statistics over a tile, so tiles change pixels a
 * little. A frame that fits into one tile is not cut.
 *
 * <p>Source: diffusers 0.39, {@code enable_tiling} of {@code autoencoder_kl_cogvideox.py}. There a size that does not
 * divide into sixths, or fifths, of whole latents gives a video of another size than its latents; here it is refused.
 *
 * @param tileSampleMinHeight in pixels, a multiple of 6 · spatialRatio
 * @param tileSampleMinWidth in pixels, a multiple of 5 · spatialRatio
 * @param spatialRatio pixels a latent pixel's side
 */
public record Tiling(int tileSampleMinHeight, int tileSampleMinWidth, int spatialRatio) {
    private static final int PARTS_OF_HEIGHT = 6;
    private static final int PARTS_OF_WIDTH = 5;

    /** One tile, larger than any frame. */
    public static final Tiling NONE = new Tiling(PARTS_OF_HEIGHT << 24, PARTS_OF_WIDTH << 24, 1);

    /** @throws IllegalArgumentException when a size is not such a multiple */
    public Tiling {
        requireMultiple("tile_sample_min_height", tileSampleMinHeight, PARTS_OF_HEIGHT, spatialRatio);
        requireMultiple("tile_sample_min_width", tileSampleMinWidth, PARTS_OF_WIDTH, spatialRatio);
    }

    /** The reference's sizes: half of the config's sample sizes, here rounded up to what tiles. */
    public static Tiling of(VaeConfig config) {
        int ratio = config.spatialCompressionRatio();
        return new Tiling(
                roundUp(config.sampleHeight() / 2, PARTS_OF_HEIGHT * ratio),
                roundUp(config.sampleWidth() / 2, PARTS_OF_WIDTH * ratio),
                ratio);
    }

    /**
     * Tiles of an own size, in pixels.
     *
     * @throws IllegalArgumentException when a size is no multiple of 6, or 5, latents
     */
    public static Tiling of(VaeConfig config, int tileSampleMinHeight, int tileSampleMinWidth) {
        return new Tiling(tileSampleMinHeight, tileSampleMinWidth, config.spatialCompressionRatio());
    }

    /** Latents from top to bottom that are decoded at once, of that many. */
    public int latentRows(int height) {
        return Math.min(height, decodeRows().size());
    }

    /** Latents from left to right that are decoded at once, of that many. */
    public int latentColumns(int width) {
        return Math.min(width, decodeColumns().size());
    }

    /** Pixels of a frame's tiles with their overlaps. */
    public long decodedPixels(int latentHeight, int latentWidth) {
        long latents = decodeRows().covered(latentHeight) * decodeColumns().covered(latentWidth);
        return latents * spatialRatio * spatialRatio;
    }

    /** Whether latents of this size are decoded whole. */
    boolean coversLatents(int height, int width) {
        return height <= tileSampleMinHeight / spatialRatio && width <= tileSampleMinWidth / spatialRatio;
    }

    /** Whether frames of this size are encoded whole. */
    boolean coversSamples(int height, int width) {
        return height <= tileSampleMinHeight && width <= tileSampleMinWidth;
    }

    TileGrid.Axis decodeRows() {
        return axis(tileSampleMinHeight / spatialRatio, tileSampleMinHeight, PARTS_OF_HEIGHT);
    }

    TileGrid.Axis decodeColumns() {
        return axis(tileSampleMinWidth / spatialRatio, tileSampleMinWidth, PARTS_OF_WIDTH);
    }

    TileGrid.Axis encodeRows() {
        return axis(tileSampleMinHeight, tileSampleMinHeight / spatialRatio, PARTS_OF_HEIGHT);
    }

    TileGrid.Axis encodeColumns() {
        return axis(tileSampleMinWidth, tileSampleMinWidth / spatialRatio, PARTS_OF_WIDTH);
    }

    private static TileGrid.Axis axis(int in, int out, int parts) {
        return new TileGrid.Axis(in, in - in / parts, out / parts, out - out / parts);
    }

    private static int roundUp(int size, int step) {
        return Math.max(1, (size + step - 1) / step) * step;
    }

    private static void requireMultiple(String name, int size, int parts, int ratio) {
        int step = parts * ratio;
        if (size < 1 || size % step != 0) {
            throw new IllegalArgumentException(
                    "%s is %d, but must be a positive multiple of %d (%d latents of %d pixels), or tiles do not meet; the next is %d"
                            .formatted(name, size, step, parts, ratio, roundUp(size, step)));
        }
    }
}
