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
 * What a video starts from, is made from or is drawn along, as the transformer sees it: latents sampled from what the VAE's
 * encoder holds possible, or of a control video the likeliest. Source: diffusers 0.39,
 * {@code pipeline_cogvideox_image2video.py}, {@code pipeline_cogvideox_video2video.py} and
 * {@code pipeline_cogvideox_fun_control.py}.
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
            Tensor sampled = moments(scope, narrowed).sample(scope, draw(scope, 1, noise));
            return scaled(out, sampled, factor);
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
        try (MemoryScope scope = out.open()) {
            Tensor pixels = pixels(scope, plan.parameters().video().frames());
            Tensor sampled = moments(scope, pixels).sample(scope, drawForVideo(scope, noise));
            return scaled(out, sampled, components.vaeConfig().scalingFactor());
        }
    }

    /** Draws what {@link #ofVideo} draws, for what is drawn after it. */
    Tensor drawForVideo(MemoryScope out, NoiseSource noise) {
        return draw(out, plan.shape().frames(), noise);
    }

    /**
     * Of the control video, whose frames may have any size. Nothing is drawn for them.
     *
     * @param out owns the result
     * @return [1, F, C, h, w]
     */
    Tensor ofControl(MemoryScope out) {
        try (MemoryScope scope = out.open()) {
            Tensor pixels = pixels(scope, plan.parameters().control());
            Tensor likeliest = moments(scope, pixels).mean(scope);
            return scaled(out, likeliest, components.vaeConfig().scalingFactor());
        }
    }

    private Tensor pixels(MemoryScope out, Frames frames) {
        GenerationParameters parameters = plan.parameters();
        return ImagePreprocessor.preprocess(out, frames, parameters.height(), parameters.width(), dtype());
    }

    private DType dtype() {
        return components.computeType().dtype();
    }

    private Tensor draw(MemoryScope out, int frames, NoiseSource noise) {
        LatentShape shape = plan.shape();
        return noise.draw(out, 1, shape.channels(), frames, shape.height(), shape.width());
    }

    private DiagonalGaussianDistribution moments(MemoryScope scope, Tensor pixels) {
        return new DiagonalGaussianDistribution(
                components.vae().acquire(scope.interruption()).encode(scope, pixels, components.tiling(plan.rung())));
    }

    private Tensor scaled(MemoryScope out, Tensor latents, double factor) {
        return out.call("latents_from_vae", latents, factor, plan.shape().frames());
    }
}
