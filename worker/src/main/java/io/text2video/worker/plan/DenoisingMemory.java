package io.text2video.worker.plan;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.quantization.Scheme;

/**
 * Bytes that a step holds beside the transformer's weights, at its peak. A block holds the residual stream and what comes
 * of it, each as wide as the stream, W = b · n · (T + V) · D of n videos at a time, two under guidance:
 *
 * <ul>
 *   <li>where queries and keys are turned: the stream, the normed one, queries and keys, 4·W, and in half precision
 *       4 · V · D, as one sample is turned in fp32;
 *   <li>where values are multiplied: 4·W and the product;
 *   <li>in attention: 4·W, values and result. It is fused, so no matrix of tokens by tokens is ever held, but on a CPU 32
 *       MiB of scores, and on a GPU the logarithm of each row's sum;
 *   <li>in the feed-forward: the stream before and after attention and normed, 3·W; the inner tensor of 4·D, and its result
 *       product. Where that is sliced, n slices of the two.
 * </ul>
 *
 * <p>A cache of steps keeps 2·W more. Beside the block there are 8 · 4 · F · C · h · w for latents, noise and predictions,
 * and positions: 4 · V · d_head where they turn, 4 · V · D where they are computed and added.
 */
final class DenoisingMemory {
    private static final long STREAM_IN_FEED_FORWARD = 3;
    private static final long INNER_WIDTHS = 4;
    private static final long BEFORE_VALUES = 4;
    private static final long ATTENTION_WIDTHS = 6;

    /** What the first block and the others added. */
    private static final long CACHED_WIDTHS = 2;

    /** Of some rows of queries on a CPU, and while they are multiplied. */
    private static final long SCORES = 32L << 20;

    private static final long LATENT_COPIES = 8;

    private final Extent video;
    private final Arithmetic arithmetic;
    private final Scheme scheme;
    private final long width;
    private final long tokens;

    /** @param scheme of the transformer's linears */
    DenoisingMemory(Extent video, Arithmetic arithmetic, Scheme scheme) {
        this.video = video;
        this.arithmetic = arithmetic;
        this.scheme = scheme;
        this.width = video.transformer().innerDim();
        this.tokens = (long) video.textTokens() + video.videoTokens();
    }

    /**
     * Adds it up.
     *
     * @param guided whether the negative prompt is drawn beside the prompt
     * @param cached whether steps are reused
     */
    long bytes(boolean guided, boolean cached, Rung rung) {
        long batch = guided && !rung.has(Saving.GUIDANCE_PASSES) ? 2 : 1;
        long stream = arithmetic.bytes() * batch * tokens * width;
        long kept = cached ? CACHED_WIDTHS * stream : 0;
        long block = Math.max(attention(batch, stream), feedForward(batch, stream, rung));
        return block + kept + scores() + Float.BYTES * (latentValues() + positionValues());
    }

    private long attention(long batch, long stream) {
        boolean widens = video.transformer().useRotaryPositionalEmbeddings() && arithmetic.bytes() < Float.BYTES;
        long turned = widens ? Float.BYTES * video.videoTokens() * width : 0;
        long product = arithmetic.product(batch * tokens, width, width, scheme);
        long sums = arithmetic.floor() == Arithmetic.Floor.CUDA
                ? Float.BYTES * batch * tokens * video.transformer().numAttentionHeads()
                : 0;
        return Math.max(BEFORE_VALUES * stream + Math.max(turned, product), ATTENTION_WIDTHS * stream + sums);
    }

    private long feedForward(long batch, long stream, Rung rung) {
        long rows = batch * Math.min(tokens, rung.feedForwardTokens());
        long inner = INNER_WIDTHS * width;
        return STREAM_IN_FEED_FORWARD * stream
                + Math.max(
                        arithmetic.product(rows, width, inner, scheme),
                        arithmetic.bytes() * rows * inner + arithmetic.product(rows, inner, width, scheme));
    }

    private long scores() {
        return arithmetic.floor() == Arithmetic.Floor.CUDA
                ? 0
                : Math.min(SCORES, (long) arithmetic.bytes() * 2 * tokens * tokens);
    }

    private long latentValues() {
        return LATENT_COPIES
                * video.denoisedFrames()
                * video.vae().latentChannels()
                * video.latentHeight()
                * video.latentWidth();
    }

    /** Learned positions are weights; for videos of another length they are computed. */
    private long positionValues() {
        TransformerConfig transformer = video.transformer();
        boolean turns = transformer.useRotaryPositionalEmbeddings();
        boolean learned = transformer.useLearnedPositionalEmbeddings();
        int learnedFrames = (transformer.sampleFrames() - 1) / transformer.temporalCompressionRatio() + 1;
        boolean computed = learned ? video.denoisedFrames() != learnedFrames : !turns;
        return (turns ? (long) video.videoTokens() * transformer.attentionHeadDim() : 0)
                + (computed ? video.videoTokens() * width : 0);
    }
}
