package io.text2video.worker.model;

import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.VaeKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.List;

/**
 * Resnets at one resolution, then, in all blocks but the last, twice the resolution. Source: diffusers 0.39,
 * {@code autoencoder_kl_cogvideox.py}.
 */
final class CogVideoXUpBlock3D {
    private final ResnetStack resnets;

    /** Null in the last block. */
    private final LayerWeight upsampler;

    private final boolean doubleFrames;

    /**
     * @param layers how many resnets
     * @param upsample whether the block doubles height and width
     * @param doubleFrames whether it doubles the frames then too
     */
    CogVideoXUpBlock3D(
            CogVideoXNorm.Kind norms,
            Weights weights,
            int layers,
            int in,
            int out,
            boolean upsample,
            boolean doubleFrames)
            throws IOException {
        this.resnets = new ResnetStack(norms, weights.at("resnets"), layers, in, out);
        this.upsampler = upsample ? weights.at("upsamplers").at(0).at("conv").convolution(true, out, out, 3, 3) : null;
        this.doubleFrames = doubleFrames;
    }

    /** Frees x. */
    Tensor forward(MemoryScope out, Tensor x, List<Tensor> zq, ConvCache cache) {
        Tensor y = resnets.forward(out, x, zq, cache);
        if (upsampler == null) {
            return y;
        }
        Tensor larger = VaeKernels.upsample(out, y, upsampler, doubleFrames);
        y.free();
        return larger;
    }
}
