package io.text2video.worker.plan;

import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.model.Tiling;
import io.text2video.worker.quantization.Scheme;

/**
 * Bytes that each stage of a generation takes beside the weights, at its peak. An estimate: it counts the tensors that
 * the engine's kernels hold at once, and neither what a library keeps for itself nor what an allocator leaves unused.
 * With b bytes a value:
 *
 * <ul>
 *   <li>text encoding: b · (T · (2·d + 2·d_ff) + H · T²), at the gated feed-forward; H · T² is the position bias. One
 *       prompt is encoded at a time.
 *   <li>denoising: {@link DenoisingMemory}.
 *   <li>an image or a video, which is encoded before that, and decoding: {@link VaeMemory}; of tiles, one tile's and the
 *       pixels of all.
 * </ul>
 */
public record WorkingMemory(long textEncoding, long encoding, long denoising, long decoding) {
    private static final long COLORS = 3;

    /** The mean and the variance of each latent. */
    private static final long MOMENTS = 2;

    static WorkingMemory of(PlannedModel model, PlannedVideo video, Rung rung, Arithmetic arithmetic) {
        Extent extent = model.extent(video.height(), video.width(), video.numFrames());
        Scheme transformer = model.quantization().transformer();
        return new WorkingMemory(
                text(extent, arithmetic, model.quantization().textEncoder()),
                video.encodedFrames() > 0 ? encoded(extent, arithmetic, rung, video.encodedFrames()) : 0,
                new DenoisingMemory(extent, arithmetic, transformer).bytes(video.guided(), video.cached(), rung),
                decoded(extent, arithmetic, rung));
    }

    private static long text(Extent video, Arithmetic arithmetic, Scheme scheme) {
        TextEncoderConfig text = video.text();
        long tokens = video.textTokens();
        long stream = tokens * 2 * text.dModel();
        long inner = tokens * text.dFf();
        long bias = text.numHeads() * tokens * tokens;
        return arithmetic.bytes() * (stream + inner + bias)
                + Math.max(
                        arithmetic.product(tokens, text.dModel(), text.dFf(), scheme),
                        arithmetic.product(tokens, text.dFf(), text.dModel(), scheme));
    }

    private static long encoded(Extent video, Arithmetic arithmetic, Rung rung, int frames) {
        long pixels = COLORS * video.height() * video.width() * frames;
        long latentFrames = (frames - 1) / video.vae().temporalCompressionRatio() + 1;
        long moments =
                MOMENTS * video.vae().latentChannels() * latentFrames * video.latentHeight() * video.latentWidth();
        OneTile tile = (extent, floor, rows, columns) -> VaeMemory.ofSamples(extent, floor, frames, rows, columns);
        return arithmetic.bytes() * pixels + vae(video, arithmetic, tiling(video, rung), tile, moments);
    }

    private static long decoded(Extent video, Arithmetic arithmetic, Rung rung) {
        Tiling tiling = tiling(video, rung);
        long all = COLORS
                * video.latents().decodedFrames()
                * tiling.decodedPixels(video.latentHeight(), video.latentWidth());
        return vae(video, arithmetic, tiling, VaeMemory::ofFrames, all);
    }

    /** What the VAE takes for so many rows and columns of latents. */
    @FunctionalInterface
    private interface OneTile {
        long bytes(Extent video, Arithmetic arithmetic, int rows, int columns);
    }

    /** @param all values of all tiles together, which are held beside the one that is worked on */
    private static long vae(Extent video, Arithmetic arithmetic, Tiling tiling, OneTile tile, long all) {
        int rows = tiling.latentRows(video.latentHeight());
        int columns = tiling.latentColumns(video.latentWidth());
        long one = tile.bytes(video, arithmetic, rows, columns);
        boolean isWhole = rows == video.latentHeight() && columns == video.latentWidth();
        return isWhole ? one : one + arithmetic.bytes() * all;
    }

    private static Tiling tiling(Extent video, Rung rung) {
        return rung.has(Saving.VAE_TILES) ? Tiling.of(video.vae()) : Tiling.NONE;
    }
}
