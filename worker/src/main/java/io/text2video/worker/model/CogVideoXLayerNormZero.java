package io.text2video.worker.model;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TransformerKernels;
import io.text2video.worker.kernels.TransformerKernels.Modulated;
import io.text2video.worker.weights.Weights;
import java.io.IOException;

/**
 * A layer norm that the timestep shifts, scales and gates, the video and the text each their own way. Source: diffusers
 * 0.39, {@code normalization.py}.
 */
final class CogVideoXLayerNormZero {
    private final double eps;
    private final LayerWeight linear;
    private final LayerWeight norm;

    CogVideoXLayerNormZero(TransformerConfig config, Weights weights) throws IOException {
        this.eps = config.normEps();
        this.linear = weights.at("linear").linear(6L * config.innerDim(), config.timeEmbedDim(), true);
        this.norm = weights.at("norm").norm(config.innerDim(), config.normElementwiseAffine());
    }

    /**
     * @param x [B, T+V, D]
     * @param temb [1, E]
     * @param text T
     */
    Modulated forward(MemoryScope out, Tensor x, Tensor temb, int text) {
        return TransformerKernels.adaLayerNormZero(out, x, temb, text, linear, norm, eps);
    }
}
