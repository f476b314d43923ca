package io.text2video.worker.model;

import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.VaeKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Resnets at one resolution, then, in all blocks but the last, twice the resolution. Source: diffusers 0.39,
 * {@code autoencoder_kl_cogvideox.py}.
 */
final class CogVideoXUpBlock3D {
    private final List<CogVideoXResnetBlock3D> resnets;

    /** Null in the last block. */
    private final LayerWeight upsampler;

    private final boolean doubleFrames;

    /**
     * @param upsample whether the block doubles height and width
     * @param doubleFrames whether it doubles the frames then too
     */
    CogVideoXUpBlock3D(VaeConfig config, Weights weights, int in, int out, boolean upsample, boolean doubleFrames)
            throws IOException {
        this.resnets = new ArrayList<>();
        for (int i = 0; i <= config.layersPerBlock(); i++) {
            resnets.add(new CogVideoXResnetBlock3D(config, weights.at("resnets").at(i), i == 0 ? in : out, out));
        }
        this.upsampler = upsample ? weights.at("upsamplers").at(0).at("conv").convolution(true, out, out, 3, 3) : null;
        this.doubleFrames = doubleFrames;
    }

    /** Frees x. */
    Tensor forward(MemoryScope out, Tensor x, Tensor z, ConvCache cache) {
        Tensor y = x;
        for (CogVideoXResnetBlock3D resnet : resnets) {
            Tensor next = resnet.forward(out, y, z, cache);
            y.free();
            y = next;
        }
        if (upsampler != null) {
            Tensor next = VaeKernels.upsample(out, y, upsampler, doubleFrames);
            y.free();
            y = next;
        }
        return y;
    }
}
