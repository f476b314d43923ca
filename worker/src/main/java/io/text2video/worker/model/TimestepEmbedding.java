package io.text2video.worker.model;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TransformerKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;

/** A number as a sinusoid, through two linears. Source: diffusers 0.39, {@code embeddings.py}. */
final class TimestepEmbedding {
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
            Tensor sinusoid = TransformerKernels.timestepSinusoid(
                    scope, timestep, sinusoidDim, config.flipSinToCos(), config.freqShift());
            return TransformerKernels.timeEmbedding(out, sinusoid, linear1, linear2);
        }
    }
}
