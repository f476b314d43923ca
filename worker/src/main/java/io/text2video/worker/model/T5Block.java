package io.text2video.worker.model;

import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TextKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;

/** One layer of the encoder: self-attention and a gated feed-forward, each behind an RMS norm and with a residual. */
final class T5Block {
    private final double eps;
    private final Tensor attentionNorm;
    private final LayerWeight q;
    private final LayerWeight k;
    private final LayerWeight v;
    private final LayerWeight o;
    private final Tensor feedForwardNorm;
    private final LayerWeight wi0;
    private final LayerWeight wi1;
    private final LayerWeight wo;

    /** Of the weights given, layer 0 attends and layer 1 feeds forward. */
    T5Block(TextEncoderConfig config, Weights layers) throws IOException {
        int width = config.dModel();
        int inner = config.attentionWidth();
        this.eps = config.layerNormEpsilon();
        Weights attention = layers.at(0).at("SelfAttention");
        this.attentionNorm = layers.at(0).at("layer_norm").tensor("weight", width);
        this.q = attention.at("q").linear(inner, width, false);
        this.k = attention.at("k").linear(inner, width, false);
        this.v = attention.at("v").linear(inner, width, false);
        this.o = attention.at("o").linear(width, inner, false);
        Weights feedForward = layers.at(1).at("DenseReluDense");
        this.feedForwardNorm = layers.at(1).at("layer_norm").tensor("weight", width);
        this.wi0 = feedForward.at("wi_0").linear(config.dFf(), width, false);
        this.wi1 = feedForward.at("wi_1").linear(config.dFf(), width, false);
        this.wo = feedForward.at("wo").beyondFp16().linear(width, config.dFf(), false);
    }

    /**
     * @param x [1, S, dModel]
     * @param positionBias [1, H, S, S]
     */
    Tensor forward(MemoryScope out, Tensor x, Tensor positionBias) {
        try (MemoryScope scope = out.open()) {
            Tensor attended = TextKernels.attention(scope, x, attentionNorm, q, k, v, o, positionBias, eps);
            return TextKernels.feedForward(out, attended, feedForwardNorm, wi0, wi1, wo, eps);
        }
    }
}
