package io.text2video.worker.model;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TransformerKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;

/**
 * Self-attention over text and video together. Source: diffusers 0.39, {@code attention_processor.py},
 * {@code CogVideoXAttnProcessor2_0}.
 */
final class Attention {
    /** Of the norms of queries and keys; fixed by {@code CogVideoXBlock}, whatever the config's norm_eps. */
    private static final double QK_NORM_EPS = 1e-6;

    private final int heads;
    private final LayerWeight toQ;
    private final LayerWeight toK;
    private final LayerWeight toV;
    private final LayerWeight toOut;
    private final LayerWeight normQ;
    private final LayerWeight normK;

    Attention(TransformerConfig config, Weights weights) throws IOException {
        int width = config.innerDim();
        this.heads = config.numAttentionHeads();
        this.toQ = weights.at("to_q").linear(width, width, config.attentionBias());
        this.toK = weights.at("to_k").linear(width, width, config.attentionBias());
        this.toV = weights.at("to_v").linear(width, width, config.attentionBias());
        this.toOut = weights.at("to_out").at(0).linear(width, width, true);
        this.normQ = weights.at("norm_q").norm(config.attentionHeadDim(), true);
        this.normK = weights.at("norm_k").norm(config.attentionHeadDim(), true);
    }

    /**
     * @param x [B, T+V, D]
     * @param text T
     */
    Tensor forward(MemoryScope out, Tensor x, int text, Positions positions) {
        return TransformerKernels.jointAttention(
                out, x, toQ, toK, toV, toOut, normQ, normK, heads, QK_NORM_EPS, text, positions.rotary());
    }
}
