package io.text2video.worker.model;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.List;

/** What the transformer makes tokens and numbers of. Source: diffusers 0.39, {@code embeddings.py}. */
final class Embeddings {
    private Embeddings() {}

    /**
     * {@code CogVideoXPatchEmbed}: text and patches of latents as one sequence, the text first. The models before 1.5 store
     * the patches' projection as a convolution, those since as a linear.
     */
    static final class PatchEmbed {
        private final TransformerConfig config;
        private final LayerWeight proj;
        private final LayerWeight textProj;

        /** Null where the positions are computed. */
        private final Tensor posEmbedding;

        PatchEmbed(TransformerConfig config, Weights weights) throws IOException {
            this.config = config;
            int width = config.innerDim();
            int patch = config.patchSize();
            int channels = config.inChannels();
            this.proj = config.patchSizeT() == null
                    ? weights.at("proj").convolution(config.patchBias(), width, channels, patch, patch)
                    : weights.at("proj").linear(width, (long) channels * config.patchSizeT() * patch * patch, true);
            this.textProj = weights.at("text_proj").linear(width, config.textEmbedDim(), true);
            if (config.useLearnedPositionalEmbeddings()) {
                this.posEmbedding =
                        weights.tensor("pos_embedding", 1, config.maxTextSeqLength() + sampleTokens(config), width);
            } else {
                this.posEmbedding = null;
                // Elder versions of diffusers saved what they had computed; today's computes it all the same.
                weights.skip("pos_embedding");
            }
        }

        /**
         * What is added to the sequence's last tokens for where they lie, [1, V, D] or [1, T+V, D]: nothing where rotary
         * positions say it all. Learned positions are of one number of frames; the reference computes those of any other.
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
            return List.of(out.call(
                    "sincos_positions",
                    frames,
                    height,
                    width,
                    config.innerDim(),
                    config.spatialInterpolationScale(),
                    config.temporalInterpolationScale()));
        }

        /**
         * The sequence, [B, T+V, D].
         *
         * @param latents [B, F, C, h, w]
         * @param text [B, T, width of the text encoder]
         */
        Tensor forward(MemoryScope out, Tensor latents, Tensor text, List<Tensor> positions) {
            return out.call(
                    "patch_embed", latents, text, positions, proj, textProj, config.patchSize(), config.patchFrames());
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

    /** A number as a sinusoid, through two linears with a SiLU between. */
    static final class TimestepEmbedding {
        private final TransformerConfig config;
        private final int sinusoidDim;
        private final LayerWeight linear1;
        private final LayerWeight linear2;

        /** @param sinusoidDim width of the sinusoid */
        TimestepEmbedding(TransformerConfig config, int sinusoidDim, Weights weights) throws IOException {
            this.config = config;
            this.sinusoidDim = sinusoidDim;
            this.linear1 = weights.at("linear_1").linear(config.timeEmbedDim(), sinusoidDim, true);
            this.linear2 = weights.at("linear_2").linear(config.timeEmbedDim(), config.timeEmbedDim(), true);
        }

        /** The embedding, [1, E]. */
        Tensor forward(MemoryScope out, double timestep) {
            try (MemoryScope scope = out.open()) {
                Tensor sinusoid = scope.call( // [1, sinusoidDim], fp32
                        "timestep_sinusoid", timestep, sinusoidDim, config.flipSinToCos(), (double) config.freqShift());
                return out.call("time_embedding", sinusoid, linear1, linear2);
            }
        }
    }
}
