package io.text2video.worker.model;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.kernels.VaeKernels;

/**
 * The latents that the VAE's encoder holds possible. Source: diffusers 0.39, {@code models/autoencoders/vae.py}.
 *
 * @param moments from {@link AutoencoderKLCogVideoX#encode}, [B, 2·latentChannels, f, h, w]: the means, then the
 *     logarithms of the variances
 */
public record DiagonalGaussianDistribution(Tensor moments) {
    /** The likeliest latents, [B, latentChannels, f, h, w]; a view of the moments. */
    public Tensor mean(MemoryScope out) {
        return TensorKernels.narrow(out, moments, 1, 0, moments.size(1) / 2);
    }

    /**
     * One draw.
     *
     * @param noise of the standard normal distribution, [B, latentChannels, f, h, w] in the dtype of the moments
     * @return [B, latentChannels, f, h, w]
     */
    public Tensor sample(MemoryScope out, Tensor noise) {
        return VaeKernels.sampleLatents(out, moments, noise);
    }
}
