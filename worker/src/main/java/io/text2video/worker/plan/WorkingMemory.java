package io.text2video.worker.plan;

import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.model.Tiling;

/**
 * Bytes that each stage of a generation takes beside the weights, at its peak. An estimate: it counts the tensors that
 * the engine's kernels hold at once, and neither what a library keeps for itself (a CUDA context, convolution
 * workspaces) nor what an allocator leaves unused. Attention is fused, so no matrix of tokens by tokens is ever held. With
 * b bytes a value, and n videos at a time, two under guidance:
 *
 * <ul>
 *   <li>text encoding: b · (T · (2·d + 2·d_ff) + H · T²), at the gated feed-forward; H · T² is the position bias.
 *   <li>denoising: b · n · (T + V) · 8·D, at the feed-forward: three tensors of the residual stream, the inner one of
 *       width 4·D, and its result. Where that is sliced, what attention takes: the stream, the normed one, queries, keys,
 *       values and their result, 6·D. A cache of steps keeps 2·D more. Then 32 MiB of scores at a time,
 *       8 · 4 · F · C · h · w for latents, noise and predictions, and 2 · 4 · V · d_head for rotary positions.
 *   <li>decoding: {@link DecoderMemory}; of tiles, one tile's and the pixels of all.
 * </ul>
 */
public record WorkingMemory(long textEncoding, long denoising, long decoding) {
    /** Tensors of the residual stream's width while the feed-forward runs: before and after attention, and normed. */
    private static final long STREAM_WIDTHS = 3;

    /** The inner tensor of the feed-forward, and its result. */
    private static final long INNER_WIDTHS = 5;

    private static final long ATTENTION_WIDTHS = 6;

    /** What the first block and the others added. */
    private static final long CACHED_WIDTHS = 2;

    /** Of some rows of queries, and while they are multiplied. */
    private static final long SCORES = 32L << 20;

    private static final long LATENT_COPIES = 8;
    private static final long COLORS = 3;

    /** The mean and the variance of each latent. */
    private static final long MOMENTS = 2;

    /** Frames of an image before the encoder's first convolution, and in and after it. */
    private static final long IMAGE_COPIES = 7;

    /**
     * Estimates.
     *
     * @param guided whether the negative prompt is drawn beside the prompt
     * @param cached whether steps are reused
     */
    public static WorkingMemory of(Extent video, int bytesPerValue, boolean guided, boolean cached, Rung rung) {
        int batch = guided && !rung.has(Saving.GUIDANCE_PASSES) ? 2 : 1;
        return new WorkingMemory(
                bytesPerValue * textValues(video),
                bytesPerValue * batch * streamValues(video, cached, rung)
                        + Math.min(SCORES, (long) bytesPerValue * 2 * tokens(video) * tokens(video))
                        + Float.BYTES * (latentValues(video) + rotaryValues(video)),
                bytesPerValue * decodedValues(video, rung));
    }

    /** While an image is encoded, which is done before denoising: of tiles, one tile's and what goes in and out of all. */
    static long imageEncoding(Extent video, int bytesPerValue, Rung rung) {
        Tiling tiling = tiling(video, rung);
        long height = Math.min(video.height(), tiling.tileSampleMinHeight());
        long width = Math.min(video.width(), tiling.tileSampleMinWidth());
        long values = IMAGE_COPIES * video.vae().blockOutChannels().get(0) * height * width;
        if (height < video.height() || width < video.width()) {
            values += COLORS * video.height() * video.width()
                    + MOMENTS * video.vae().latentChannels() * video.latentHeight() * video.latentWidth();
        }
        return bytesPerValue * values;
    }

    private static long textValues(Extent video) {
        TextEncoderConfig text = video.text();
        long tokens = video.textTokens();
        return tokens * 2 * (text.dModel() + text.dFf()) + text.numHeads() * tokens * tokens;
    }

    private static long streamValues(Extent video, boolean cached, Rung rung) {
        long tokens = tokens(video);
        long slice = Math.min(tokens, rung.feedForwardTokens());
        long feedForward = tokens * STREAM_WIDTHS + slice * INNER_WIDTHS;
        long kept = cached ? tokens * CACHED_WIDTHS : 0;
        return (Math.max(feedForward, tokens * ATTENTION_WIDTHS) + kept)
                * video.transformer().innerDim();
    }

    private static long tokens(Extent video) {
        return (long) video.textTokens() + video.videoTokens();
    }

    private static long decodedValues(Extent video, Rung rung) {
        Tiling tiling = tiling(video, rung);
        int height = video.latentHeight();
        int width = video.latentWidth();
        int rows = tiling.latentRows(height);
        int columns = tiling.latentColumns(width);
        if (rows == height && columns == width) {
            return DecoderMemory.values(video);
        }
        return DecoderMemory.values(video, rows, columns)
                + COLORS * video.latents().decodedFrames() * tiling.decodedPixels(height, width);
    }

    private static Tiling tiling(Extent video, Rung rung) {
        return rung.has(Saving.VAE_TILES) ? Tiling.of(video.vae()) : Tiling.NONE;
    }

    private static long latentValues(Extent video) {
        return LATENT_COPIES
                * video.denoisedFrames()
                * video.vae().latentChannels()
                * video.latentHeight()
                * video.latentWidth();
    }

    private static long rotaryValues(Extent video) {
        TransformerConfig transformer = video.transformer();
        return transformer.useRotaryPositionalEmbeddings()
                ? 2L * video.videoTokens() * transformer.attentionHeadDim()
                : 0;
    }
}
