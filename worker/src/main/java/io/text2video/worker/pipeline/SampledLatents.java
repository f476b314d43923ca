package io.text2video.worker.pipeline;

import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.AutoencoderKLCogVideoX.DiagonalGaussianDistribution;
import io.text2video.worker.model.LatentShape;
import io.text2video.worker.scheduler.NoiseSource;

/**
 * What a video starts from or is made from, as the transformer sees it: latents sampled from what the VAE's encoder holds
 * possible. Source: diffusers 0.39, {@code pipeline_cogvideox_image2video.py} and {@code pipeline_cogvideox_video2video.py}.
 */
record SampledLatents(Components components, GenerationPlan plan) {
    /**
     * Of the image, of any size: one latent frame, and zeros for the others.
     *
     * @param out owns the result
     * @param noise drawn from once
     * @return [1, F, C, h, w]
     */
    Tensor ofImage(MemoryScope out, NoiseSource noise) {
        GenerationParameters parameters = plan.parameters();
        VaeConfig config = components.vaeConfig();
        // CogVideoX 1.5 was trained with images' latents that were scaled the other way.
        double factor = config.invertScaleLatents() ? 1 / config.scalingFactor() : config.scalingFactor();
        try (MemoryScope scope = out.open()) {
            Tensor pixels =
                    ImagePreprocessor.preprocess(scope, parameters.image(), parameters.height(), parameters.width());
            Tensor narrowed = TensorKernels.cast(scope, pixels, dtype());
            return encode(out, scope, narrowed, draw(scope, 1, noise), factor);
        }
    }

    /**
     * Of the video, whose frames may have any size. No frame is there to fill a patch.
     *
     * @param out owns the result
     * @param noise drawn from once
     * @return [1, F, C, h, w]
     */
    Tensor ofVideo(MemoryScope out, NoiseSource noise) {
        GenerationParameters parameters = plan.parameters();
        Frames frames = parameters.video().frames();
        try (MemoryScope scope = out.open()) {
            Tensor pixels =
                    ImagePreprocessor.preprocess(scope, frames, parameters.height(), parameters.width(), dtype());
            return encode(
                    out,
                    scope,
                    pixels,
                    drawForVideo(scope, noise),
                    components.vaeConfig().scalingFactor());
        }
    }

    /** Draws what {@link #ofVideo} draws, for what is drawn after it. */
    Tensor drawForVideo(MemoryScope out, NoiseSource noise) {
        return draw(out, plan.shape().frames(), noise);
    }

    private DType dtype() {
        return components.computeType().dtype();
    }

    private Tensor draw(MemoryScope out, int frames, NoiseSource noise) {
        LatentShape shape = plan.shape();
        return noise.draw(out, 1, shape.channels(), frames, shape.height(), shape.width());
    }

    private Tensor encode(MemoryScope out, MemoryScope scope, Tensor pixels, Tensor drawn, double factor) {
        Tensor moments =
                components.vae().acquire(scope.interruption()).encode(scope, pixels, components.tiling(plan.rung()));
        Tensor latents = new DiagonalGaussianDistribution(moments).sample(scope, drawn);
        return out.call("latents_from_vae", latents, factor, plan.shape().frames());
    }
}
