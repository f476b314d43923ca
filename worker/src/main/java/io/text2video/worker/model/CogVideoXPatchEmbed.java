package io.text2video.worker.model;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TransformerKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.List;

/**
 * Text and patches of latents as one sequence, the text first. Source: diffusers 0.39, {@code embeddings.py}. The models
 * before 1.5 store the patches' projection as a convolution, those since as a linear.
 */
final class CogVideoXPatchEmbed {
    private final TransformerConfig config;
    private final LayerWeight proj;
    private final LayerWeight textProj;

    /** Null where the positions are computed. */
    private final Tensor posEmbedding;

    CogVideoXPatchEmbed(TransformerConfig config, Weights weights) throws IOException {
        this.config = config;
        int width = config.innerDim();
        int patch = config.patchSize();
        int channels = config.inChannels();
        this.proj = config.patchSizeT() == null
                ? weights.at("proj").convolution(config.patchBias(), width, channels, patch, patch)
                : weights.at("proj").linear(width, (long) channels * config.patchSizeT() * patch * patch, true);
        this.textProj = weights.at("text_proj").linear(width, config.textEmbedDim(), true);
        this.posEmbedding = config.useLearnedPositionalEmbeddings()
                ? weights.tensor("pos_embedding", 1, config.maxTextSeqLength() + sampleTokens(config), width)
                : null;
    }

    /**
     * What is added to the tokens for where they lie: nothing where rotary positions say it all. Learned positions are
     * of one number of frames; the reference computes those of any other.
     *
     * @param frames latent frames
     * @param height in patches
     * @param width in patches
     */
    List<Tensor> positions(MemoryScope out, int frames, int height, int width) {
        if (posEmbedding != null && frames == sampleFrames(config)) {
            return List.of(posEmbedding);
        }
        if (posEmbedding == null && config.useRotaryPositionalEmbeddings()) {
            return List.of();
        }
        return List.of(TransformerKernels.sincosPositions(
                out,
                frames,
                height,
                width,
                config.innerDim(),
                config.spatialInterpolationScale(),
                config.temporalInterpolationScale()));
    }

    /** The sequence, [B, T+V, D]. */
    Tensor forward(MemoryScope out, Tensor latents, Tensor text, List<Tensor> positions) {
        return TransformerKernels.patchEmbed(
                out, latents, text, positions, proj, textProj, config.patchSize(), config.patchFrames());
    }

    private static int sampleFrames(TransformerConfig config) {
        return (config.sampleFrames() - 1) / config.temporalCompressionRatio() + 1;
    }

    private static long sampleTokens(TransformerConfig config) {
        return (long) sampleFrames(config)
                * (config.sampleHeight() / config.patchSize())
                * (config.sampleWidth() / config.patchSize());
    }
}
