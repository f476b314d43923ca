package io.text2video.worker.model;

import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.VaeKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.List;

/**
 * A group norm whose scale and shift are 1×1×1 convolutions of the latents. Source: diffusers 0.39,
 * {@code autoencoder_kl_cogvideox.py}, which resizes the latents to the features' size first; a 1×1×1 convolution
 * commutes with nearest resizing, so here it runs at the latents' size and needs no cache.
 */
final class CogVideoXSpatialNorm3D implements CogVideoXNorm {
    /** Fixed by the reference, whatever the config's norm_eps. */
    private static final double EPS = 1e-6;

    private final int groups;
    private final LayerWeight normLayer;
    private final LayerWeight convY;
    private final LayerWeight convB;

    CogVideoXSpatialNorm3D(VaeConfig config, Weights weights, int channels) throws IOException {
        int latents = config.latentChannels();
        this.groups = config.normNumGroups();
        this.normLayer = weights.at("norm_layer").norm(channels, true);
        this.convY = weights.at("conv_y").at("conv").convolution(true, channels, latents, 1, 1, 1);
        this.convB = weights.at("conv_b").at("conv").convolution(true, channels, latents, 1, 1, 1);
    }

    @Override
    public Tensor forward(
            MemoryScope out,
            Tensor x,
            List<Tensor> zq,
            CogVideoXCausalConv3d conv,
            ConvCache cache,
            List<Tensor> residual) {
        Tensor z = zq.get(0);
        return cache.replace(
                conv,
                VaeKernels.spatialNormConv(
                        out, x, z, groups, normLayer, convY, convB, EPS, conv.weight(), cache.tail(conv), residual));
    }
}
