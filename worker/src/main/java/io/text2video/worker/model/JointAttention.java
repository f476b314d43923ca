package io.text2video.worker.model;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.CogVideoXTransformer3DModel.Positions;
import io.text2video.worker.weights.Weights;
import java.io.IOException;

/**
 * Self-attention over text and video together, queries and keys normalised a head at a time. Source: diffusers 0.39,
 * {@code CogVideoXAttnProcessor2_0} of {@code attention_processor.py}.
 */
final class JointAttention {
    /** Of the norms of queries and keys; fixed by {@code CogVideoXBlock}, whatever the config's norm_eps. */
    private static final double QK_NORM_EPS = 1e-6;

    /** What a score's share of the softmax takes, in operations of a product that take as long. */
    private static final long SOFTMAX = 64;

    private final int heads;
    private final int headWidth;
    private final LayerWeight toQ;
    private final LayerWeight toK;
    private final LayerWeight toV;
    private final LayerWeight toOut;
    private final LayerWeight normQ;
    private final LayerWeight normK;

    JointAttention(TransformerConfig config, Weights weights) throws IOException {
        int width = config.innerDim();
        this.heads = config.numAttentionHeads();
        this.headWidth = config.attentionHeadDim();
        this.toQ = weights.at("to_q").linear(width, width, config.attentionBias());
        this.toK = weights.at("to_k").linear(width, width, config.attentionBias());
        this.toV = weights.at("to_v").linear(width, width, config.attentionBias());
        this.toOut = weights.at("to_out").at(0).linear(width, width, true);
        this.normQ = weights.at("norm_q").norm(headWidth, true);
        this.normK = weights.at("norm_k").norm(headWidth, true);
    }

    /**
     * Attends, in one kernel where that takes a CPU no seconds.
     *
     * @param x [B, T+V, D], the text first
     * @return [B, T+V, D]
     */
    Tensor forward(MemoryScope out, Tensor x, int text, Positions positions) {
        int tokens = x.size(1);
        boolean whole = out.bands().rows(tokens, query(tokens) * heads) == tokens
                && out.bands().rows(tokens, toQ.operations()) == tokens;
        return whole
                ? out.call(
                        "joint_attention",
                        x,
                        toQ,
                        toK,
                        toV,
                        toOut,
                        normQ,
                        normK,
                        heads,
                        QK_NORM_EPS,
                        text,
                        positions.rotary()) // [V, d/2, 2]
                : inBands(out, x, text, positions);
    }

    /** Operations of one query of one head. */
    private long query(int tokens) {
        return tokens * (4L * headWidth + SOFTMAX);
    }

    private Tensor inBands(MemoryScope out, Tensor x, int text, Positions positions) {
        try (MemoryScope scope = out.open()) {
            Tensor attended = TensorKernels.copy(scope, x); // [B, T+V, D]
            try (MemoryScope inputs = scope.open()) {
                Tensor q = turned(inputs, x, toQ, normQ, text, positions);
                Tensor k = turned(inputs, x, toK, normK, text, positions);
                Tensor v = inputs.call("split_heads", BandedKernels.linear(inputs, x, toV), heads);
                attend(inputs, attended, q, k, v);
            }
            return BandedKernels.linear(out, attended, toOut);
        }
    }

    /** Queries or keys, [B, T+V, H, d]. */
    private Tensor turned(
            MemoryScope out, Tensor x, LayerWeight linear, LayerWeight norm, int text, Positions positions) {
        Tensor projected = BandedKernels.linear(out, x, linear);
        Tensor normed = out.call("normed_heads", projected, heads, norm, QK_NORM_EPS);
        projected.free();
        return out.call("rotate", normed, text, positions.rotary());
    }

    /**
     * As many heads at a time as one kernel may take, else as many queries of one; the same of each sample, whether it is alone
     * or one of two.
     *
     * @param y [B, T+V, D], filled
     */
    private void attend(MemoryScope parent, Tensor y, Tensor q, Tensor k, Tensor v) {
        int tokens = y.size(1);
        int headsAtOnce = parent.bands().rows(heads, query(tokens) * tokens);
        int queries = parent.bands().rows(tokens, query(tokens) * headsAtOnce);
        for (int sample = 0; sample < y.size(0); sample++) {
            for (int head = 0; head < heads; head += headsAtOnce) {
                for (int start = 0; start < tokens; start += queries) {
                    try (MemoryScope band = parent.open()) {
                        int count = Math.min(headsAtOnce, heads - head);
                        band.call("attention_band", y, q, k, v, sample, head, count, start, start + queries);
                    }
                }
            }
        }
    }
}
