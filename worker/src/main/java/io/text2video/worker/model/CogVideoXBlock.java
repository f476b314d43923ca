package io.text2video.worker.model;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
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
    private final JointAttention attn1;
    private final LayerNormZero norm2;
    private final FeedForward ff;

    CogVideoXBlock(TransformerConfig config, Weights weights) throws IOException {
        this.norm1 = new LayerNormZero(config, weights.at("norm1"));
        this.attn1 = new JointAttention(config, weights.at("attn1"));
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

        /**
         * Runs them.
         *
         * @param x [B, T+V, D]; where it is cut, its memory becomes the result's
         * @param slice tokens that are taken at a time, or fewer where a CPU takes seconds for them
         */
        Tensor forward(MemoryScope out, Tensor x, int slice) {
            int tokens = x.size(1);
            int most = out.bands().rows(tokens, up.operations() + down.operations());
            int rows = Math.min(slice, most);
            if (rows >= tokens) {
                return out.call("feed_forward", x, up, down);
            }
            // A band is one sample's, as those of the attention are.
            int samples = most < tokens ? 1 : x.size(0);
            for (int sample = 0; sample < x.size(0); sample += samples) {
                for (int start = 0; start < tokens; start += rows) {
                    try (MemoryScope band = out.open()) {
                        Tensor part = TensorKernels.narrow(band, x, 0, sample, sample + samples);
                        band.call("feed_forward_band", part, up, down, start, start + rows);
                    }
                }
            }
            return x;
        }
    }
}
