package io.text2video.worker.info;

import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.config.TransformerConfig;

/**
 * Bytes that each stage of a generation takes beside the weights, at its peak. An estimate: it counts the tensors that
 * the engine's kernels hold at once, and neither what a library keeps for itself (a CUDA context, convolution
 * workspaces) nor what an allocator leaves unused. Guidance runs two videos at a time; attention is fused, so no matrix
 * of tokens by tokens is ever held. With b bytes a value:
 *
 * <ul>
 *   <li>text encoding: b · (T · (2·d + 2·d_ff) + H · T²), at the gated feed-forward; H · T² is the position bias.
 *   <li>denoising: b · 2 · (T + V) · 11·D, at the feed-forward: three tensors of the residual stream, and the inner one
 *       of width 4·D before and after its GELU; then 8 · 4 · F · C · h · w for latents, noise and predictions, and
 *       2 · 4 · V · d_head for rotary positions.
 *   <li>decoding: {@link DecoderMemory}.
 * </ul>
 */
public record WorkingMemory(long textEncoding, long denoising, long decoding) {
    private static final long GUIDED = 2;
    private static final long STREAM_WIDTHS = 11;
    private static final long LATENT_COPIES = 8;

    static WorkingMemory of(Extent video, int bytesPerValue) {
        return new WorkingMemory(
                bytesPerValue * textValues(video),
                bytesPerValue * streamValues(video) + Float.BYTES * (latentValues(video) + rotaryValues(video)),
                bytesPerValue * DecoderMemory.values(video));
    }

    private static long textValues(Extent video) {
        TextEncoderConfig text = video.text();
        long tokens = video.textTokens();
        return tokens * 2 * (text.dModel() + text.dFf()) + text.numHeads() * tokens * tokens;
    }

    private static long streamValues(Extent video) {
        long tokens = (long) video.textTokens() + video.videoTokens();
        return GUIDED * tokens * STREAM_WIDTHS * video.transformer().innerDim();
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
