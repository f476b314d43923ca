package io.text2video.worker.model;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.List;

/** A norm of the VAE with what always follows it: SiLU and a causal convolution. */
sealed interface CogVideoXNorm permits CogVideoXGroupNorm, CogVideoXSpatialNorm3D {
    /** Which norm a network's blocks have. */
    @FunctionalInterface
    interface Kind {
        CogVideoXNorm of(Weights weights, int channels) throws IOException;
    }

    /**
     * Norm, SiLU and convolution in one kernel: the features in between are a video's largest tensors.
     *
     * @param x [B, channels, frames, height, width]
     * @param zq the chunk's latents [B, latentChannels, f, h, w] in the decoder; empty in the encoder
     * @param residual one tensor to add to the result, or none; its memory may become the result's
     */
    Tensor forward(
            MemoryScope out,
            Tensor x,
            List<Tensor> zq,
            CogVideoXCausalConv3d conv,
            ConvCache cache,
            List<Tensor> residual);
}
