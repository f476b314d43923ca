package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.LatentShape;
import io.text2video.worker.plan.Saving;

/**
 * Decodes the first frame of a generation's latents for whoever wants to see it. Costs the VAE's work for one of its latent
 * frames, and no more memory than the decoding in the end, which works on two. Where the VAE's weights have no place beside
 * the transformer's, there is none.
 *
 * @param interruption asked while the VAE works
 */
record Preview(Components components, GenerationPlan plan, Interruption interruption, PreviewSink sink) {
    /**
     * Shows what there is.
     *
     * @param step how many are done
     * @param latents [1, F, C, h, w]
     */
    void show(MemoryScope parent, int step, Tensor latents) {
        if (sink == PreviewSink.NONE || plan.rung().has(Saving.COMPONENTS_BY_STAGE)) {
            return;
        }
        try (MemoryScope scope = parent.open(interruption)) {
            LatentShape shape = plan.shape();
            Tensor first = TensorKernels.narrow(scope, latents, 1, shape.padding(), shape.padding() + 1);
            Tensor z = scope.call(
                    "latents_to_vae", first, 1 / components.vaeConfig().scalingFactor());
            components
                    .vae()
                    .acquire(interruption)
                    .decode(scope, z, components.tiling(plan.rung()), chunk -> sink.accept(step, pixels(scope, chunk)));
        }
    }

    /** @param chunk [1, 3, 1, height, width] in [−1, 1] more or less */
    private static Frames pixels(MemoryScope parent, Tensor chunk) {
        try (MemoryScope scope = parent.open()) {
            return DecodedFrames.pixels(scope, scope.call("to_unit_range", chunk));
        }
    }
}
