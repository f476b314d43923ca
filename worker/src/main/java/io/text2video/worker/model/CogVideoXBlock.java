package io.text2video.worker.model;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.model.CogVideoXTransformer3DModel.Positions;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.List;

/**
 * Attention, then a feed-forward, each behind a norm that the timestep modulates and with a gated residual. Source:
 * diffusers 0.39, {@code cogvideox_transformer_3d.py}, which keeps text and video as two tensors; here they stay one
 * sequence, so that nothing is joined and split again in each layer.
 */
final class CogVideoXBlock {
    private final LayerNormZero norm1;
    private final Attention attn1;
    private final LayerNormZero norm2;
    private final FeedForward ff;

    CogVideoXBlock(TransformerConfig config, Weights weights) throws IOException {
        this.norm1 = new LayerNormZero(config, weights.at("norm1"));
        this.attn1 = new Attention(config, weights.at("attn1"));
        this.norm2 = new LayerNormZero(config, weights.at("norm2"));
        this.ff = new FeedForward(config, weights.at("ff"));
    }

    /**
     * What a forward pass gives each of its blocks.
     *
     * @param temb [1, E]
     * @param text T
     * @param slice tokens that the feed-forward takes at a time
     */
    record Conditioning(Tensor temb, int text, Positions positions, int slice) {}

    /**
     * Runs the block.
     *
     * @param out owns the result
     * @param x [B, T+V, D], the text first
     * @return [B, T+V, D]
     */
    Tensor forward(MemoryScope out, Tensor x, Conditioning conditioning) {
        Tensor temb = conditioning.temb();
        int text = conditioning.text();
        try (MemoryScope scope = out.open()) {
            Tensor attended; // [B, T+V, D]
            try (MemoryScope layer = scope.open()) {
                Modulated normed = norm1.forward(layer, x, temb, text);
                Tensor y = attn1.forward(layer, normed.x(), text, conditioning.positions());
                attended = normed.gatedResidual(scope, x, y, text);
            }
            Modulated normed = norm2.forward(scope, attended, temb, text);
            Tensor y = ff.forward(scope, normed.x(), conditioning.slice());
            return normed.gatedResidual(out, attended, y, text);
        }
    }

    /**
     * A modulated sequence and the gates that its sub-layer's result passes.
     *
     * @param x [B, T+V, D]
     * @param videoGate [1, 1, D]
     * @param textGate [1, 1, D]
     */
    private record Modulated(Tensor x, Tensor videoGate, Tensor textGate) {
        /** before + gate · y, [B, T+V, D] */
        Tensor gatedResidual(MemoryScope out, Tensor before, Tensor y, int text) {
            return out.call("gated_residual", before, y, text, videoGate, textGate);
        }
    }

    /**
     * A layer norm that the timestep shifts, scales and gates, the video and the text each their own way. Source: diffusers
     * 0.39, {@code CogVideoXLayerNormZero} of {@code normalization.py}.
     */
    private static final class LayerNormZero {
        private final double eps;
        private final LayerWeight linear;
        private final LayerWeight norm;

        LayerNormZero(TransformerConfig config, Weights weights) throws IOException {
            this.eps = config.normEps();
            this.linear = weights.at("linear").linear(6L * config.innerDim(), config.timeEmbedDim(), true);
            this.norm = weights.at("norm").norm(config.innerDim(), config.normElementwiseAffine());
        }

        Modulated forward(MemoryScope out, Tensor x, Tensor temb, int text) {
            List<Tensor> parts = out.callForTuple("ada_layer_norm_zero", x, temb, text, linear, norm, eps);
            return new Modulated(parts.get(0), parts.get(1), parts.get(2));
        }
    }

    /**
     * Self-attention over text and video together, queries and keys normalised a head at a time. Source: diffusers 0.39,
     * {@code CogVideoXAttnProcessor2_0} of {@code attention_processor.py}.
     */
    private static final class Attention {
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

        Tensor forward(MemoryScope out, Tensor x, int text, Positions positions) {
            return out.call(
                    "joint_attention",
                    x, // [B, T+V, D]
                    toQ,
                    toK,
                    toV,
                    toOut,
                    normQ,
                    normK,
                    heads,
                    QK_NORM_EPS,
                    text,
                    positions.rotary()); // [V, d/2, 2]
        }
    }

    /** Two linears around a tanh-GELU, four times as wide inside. Source: diffusers 0.39, {@code attention.py}. */
    private static final class FeedForward {
        private static final long WIDENING = 4;

        private final LayerWeight up;
        private final LayerWeight down;

        FeedForward(TransformerConfig config, Weights weights) throws IOException {
            int width = config.innerDim();
            Weights net = weights.at("net");
            this.up = net.at(0).at("proj").linear(WIDENING * width, width, true);
            this.down = net.at(2).linear(width, WIDENING * width, true);
        }

        /** Where x [B, T+V, D] is cut, its memory becomes the result's. */
        Tensor forward(MemoryScope out, Tensor x, int slice) {
            return slice < x.size(1)
                    ? out.call("feed_forward_slices", x, up, down, slice)
                    : out.call("feed_forward", x, up, down);
        }
    }
}
