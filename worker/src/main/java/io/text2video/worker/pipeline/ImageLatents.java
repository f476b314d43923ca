package io.text2video.worker.pipeline;

import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.AutoencoderKLCogVideoX.DiagonalGaussianDistribution;
import io.text2video.worker.model.LatentShape;
import io.text2video.worker.model.Tiling;
import io.text2video.worker.scheduler.NoiseSource;

/**
 * The image that a video starts from, as the transformer sees it: one sampled latent frame, and zeros for the others.
 * Source: diffusers 0.39, {@code pipeline_cogvideox_image2video.py}.
 */
final class ImageLatents {
    private ImageLatents() {}

    /**
     * Encodes an image of any size.
     *
     * @param out owns the result
     * @param tiling how the VAE cuts it
     * @param noise drawn from once
     * @return [1, F, C, h, w]
     */
    static Tensor encode(
            MemoryScope out, Components components, GenerationPlan plan, Tiling tiling, NoiseSource noise) {
        GenerationParameters parameters = plan.parameters();
        LatentShape shape = plan.shape();
        try (MemoryScope scope = out.open()) {
            Tensor pixels =
                    ImagePreprocessor.preprocess(scope, parameters.image(), parameters.height(), parameters.width());
            Tensor narrowed =
                    TensorKernels.cast(scope, pixels, components.computeType().dtype());
            Tensor moments = components.vae().acquire(scope.interruption()).encode(scope, narrowed, tiling);
            Tensor drawn = noise.draw(scope, 1, shape.channels(), 1, shape.height(), shape.width());
            Tensor latents = new DiagonalGaussianDistribution(moments).sample(scope, drawn);
            return out.call("latents_from_vae", latents, factor(components.vaeConfig()), shape.frames());
        }
    }

    /** CogVideoX 1.5 was trained with latents that were scaled the other way. */
    private static double factor(VaeConfig config) {
        return config.invertScaleLatents() ? 1 / config.scalingFactor() : config.scalingFactor();
    }
}
