package io.text2video.worker.model;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TransformerKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;

/**
 * Text and patches of latents as one sequence, the text first. Source: diffusers 0.39, {@code embeddings.py}.
 *
 * <p>Of its kinds, the one of the models before 1.5 is here: patches of one frame, embedded by a convolution, with 3D
 * sin-cos positions.
 */
final class CogVideoXPatchEmbed {
    private final TransformerConfig config;
    private final LayerWeight proj;
    private final LayerWeight textProj;

    CogVideoXPatchEmbed(TransformerConfig config, Weights weights) throws IOException {
        this.config = config;
        int width = config.innerDim();
        int patch = config.patchSize();
        this.proj = weights.at("proj").convolution(config.patchBias(), width, config.inChannels(), patch, patch);
        this.textProj = weights.at("text_proj").linear(width, config.textEmbedDim(), true);
    }

    /**
     * Where each video token lies.
     *
     * @param height of the latents
     * @param width of the latents
     * @return [1, V, D]
     */
    Tensor positions(MemoryScope out, int frames, int height, int width) {
        return TransformerKernels.sincosPositions(
                out,
                frames,
                height / config.patchSize(),
                width / config.patchSize(),
                config.innerDim(),
                config.spatialInterpolationScale(),
                config.temporalInterpolationScale());
    }

    /** The sequence, [B, T+V, D]. */
    Tensor forward(MemoryScope out, Tensor latents, Tensor text, Tensor positions) {
        return TransformerKernels.patchEmbed(out, latents, text, positions, proj, textProj);
    }
}
