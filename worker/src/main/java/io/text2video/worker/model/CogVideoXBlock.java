package io.text2video.worker.model;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TransformerKernels;
import io.text2video.worker.kernels.TransformerKernels.Modulated;
import io.text2video.worker.weights.Weights;
import java.io.IOException;

/**
 * Attention, then a feed-forward, each behind a norm that the timestep modulates and with a gated residual. Source:
 * diffusers 0.39, {@code cogvideox_transformer_3d.py}, which keeps text and video as two tensors; here they stay one
 * sequence, so that nothing is joined and split again in each layer.
 */
final class CogVideoXBlock {
    private final CogVideoXLayerNormZero norm1;
    private final Attention attn1;
    private final CogVideoXLayerNormZero norm2;
    private final FeedForward ff;

    CogVideoXBlock(TransformerConfig config, Weights weights) throws IOException {
        this.norm1 = new CogVideoXLayerNormZero(config, weights.at("norm1"));
        this.attn1 = new Attention(config, weights.at("attn1"));
        this.norm2 = new CogVideoXLayerNormZero(config, weights.at("norm2"));
        this.ff = new FeedForward(config, weights.at("ff"));
    }

    /**
     * Runs the block.
     *
     * @param out owns the result
     * @param x [B, T+V, D], the text first
     * @param temb [1, E]
     * @param text T
     * @param slice tokens that the feed-forward takes at a time
     * @return [B, T+V, D]
     */
    Tensor forward(MemoryScope out, Tensor x, Tensor temb, int text, Positions positions, int slice) {
        try (MemoryScope scope = out.open()) {
            Tensor attended;
            try (MemoryScope layer = scope.open()) {
                Modulated normed = norm1.forward(layer, x, temb, text);
                Tensor y = attn1.forward(layer, normed.x(), text, positions);
                attended = TransformerKernels.gatedResidual(scope, x, y, text, normed);
            }
            Modulated normed = norm2.forward(scope, attended, temb, text);
            Tensor y = ff.forward(scope, normed.x(), slice);
            return TransformerKernels.gatedResidual(out, attended, y, text, normed);
        }
    }
}
