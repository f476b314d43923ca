package io.text2video.worker.model;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TransformerKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;

/** A timestep as a sinusoid of the model's width, through two linears. Source: diffusers 0.39, {@code embeddings.py}. */
final class TimestepEmbedding {
    private final TransformerConfig config;
    private final LayerWeight linear1;
    private final LayerWeight linear2;

    TimestepEmbedding(TransformerConfig config, Weights weights) throws IOException {
        this.config = config;
        this.linear1 = weights.at("linear_1").linear(config.timeEmbedDim(), config.innerDim(), true);
        this.linear2 = weights.at("linear_2").linear(config.timeEmbedDim(), config.timeEmbedDim(), true);
    }

    /** The embedding, [1, E]. */
    Tensor forward(MemoryScope out, double timestep) {
        try (MemoryScope scope = out.open()) {
            Tensor sinusoid = TransformerKernels.timestepSinusoid(
                    scope, timestep, config.innerDim(), config.flipSinToCos(), config.freqShift());
            return TransformerKernels.timeEmbedding(out, sinusoid, linear1, linear2);
        }
    }
}
