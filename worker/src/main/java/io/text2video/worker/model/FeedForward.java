package io.text2video.worker.model;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TransformerKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;

/** Two linears around a tanh-GELU, four times as wide inside. Source: diffusers 0.39, {@code attention.py}. */
final class FeedForward {
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
     * @param x [B, T+V, D]; its memory is the result's where it is cut
     * @param slice tokens at a time
     */
    Tensor forward(MemoryScope out, Tensor x, int slice) {
        return slice < x.size(1)
                ? TransformerKernels.feedForward(out, x, up, down, slice)
                : TransformerKernels.feedForward(out, x, up, down);
    }
}
