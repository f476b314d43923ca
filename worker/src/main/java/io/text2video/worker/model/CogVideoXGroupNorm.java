package io.text2video.worker.model;

import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.VaeKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.List;

/** The encoder's norm. Source: diffusers 0.39, {@code autoencoder_kl_cogvideox.py}, where it is torch's own. */
final class CogVideoXGroupNorm implements CogVideoXNorm {
    private final int groups;
    private final double eps;
    private final LayerWeight norm;

    CogVideoXGroupNorm(VaeConfig config, Weights weights, int channels, double eps) throws IOException {
        this.groups = config.normNumGroups();
        this.eps = eps;
        this.norm = weights.norm(channels, true);
    }

    @Override
    public Tensor forward(
            MemoryScope out,
            Tensor x,
            List<Tensor> zq,
            CogVideoXCausalConv3d conv,
            ConvCache cache,
            List<Tensor> residual) {
        return cache.replace(
                conv, VaeKernels.groupNormConv(out, x, groups, norm, eps, conv.weight(), cache.tail(conv), residual));
    }
}
