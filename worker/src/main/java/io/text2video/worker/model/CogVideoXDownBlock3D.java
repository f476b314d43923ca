package io.text2video.worker.model;

import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.VaeKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.List;

/**
 * Resnets at one resolution, then, in all blocks but the last, half the resolution. Source: diffusers 0.39,
 * {@code autoencoder_kl_cogvideox.py} and {@code downsampling.py}.
 */
final class CogVideoXDownBlock3D {
    private final ResnetStack resnets;

    /** Null in the last block. */
    private final LayerWeight downsampler;

    private final boolean halveFrames;

    /**
     * @param layers how many resnets
     * @param downsample whether the block halves height and width
     * @param halveFrames whether it halves the frames then too
     */
    CogVideoXDownBlock3D(
            CogVideoXNorm.Kind norms,
            Weights weights,
            int layers,
            int in,
            int out,
            boolean downsample,
            boolean halveFrames)
            throws IOException {
        this.resnets = new ResnetStack(norms, weights.at("resnets"), layers, in, out);
        this.downsampler =
                downsample ? weights.at("downsamplers").at(0).at("conv").convolution(true, out, out, 3, 3) : null;
        this.halveFrames = halveFrames;
    }

    /** Frees x. */
    Tensor forward(MemoryScope out, Tensor x, ConvCache cache) {
        Tensor y = resnets.forward(out, x, List.of(), cache);
        if (downsampler == null) {
            return y;
        }
        Tensor smaller = VaeKernels.downsample(out, y, downsampler, halveFrames);
        y.free();
        return smaller;
    }
}
