package io.text2video.worker.model;

import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.VaeKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;

/**
 * A 3×3×3 convolution that sees no future: its first input frame stands for the time before it, and in a later chunk the
 * last frames of the chunk before do. Source: diffusers 0.39, {@code autoencoder_kl_cogvideox.py}.
 */
final class CogVideoXCausalConv3d {
    private static final int KERNEL = 3;

    private final LayerWeight conv;

    CogVideoXCausalConv3d(Weights weights, int in, int out) throws IOException {
        this.conv = weights.at("conv").convolution(true, out, in, KERNEL, KERNEL, KERNEL);
    }

    LayerWeight weight() {
        return conv;
    }

    /** @param x [B, in, frames, height, width] */
    Tensor forward(MemoryScope out, Tensor x, ConvCache cache) {
        return cache.replace(this, VaeKernels.causalConv(out, x, conv, cache.tail(this)));
    }
}
