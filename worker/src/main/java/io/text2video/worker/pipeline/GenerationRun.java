package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.Generator;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.LatentShape;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.state.Checkpoints;
import io.text2video.worker.state.GenerationState;
import io.text2video.worker.state.Resumption;
import java.time.Duration;
import java.util.Optional;

/**
 * One generation by one rung: from the prompt, or from where an earlier try left off, to frames.
 *
 * @param computation its name, where there are checkpoints
 * @param interruption asked while prompts and an image or a video are encoded, while the transformer predicts and while frames are
 *     decoded: whatever takes long. What changes the latents goes on to its end, so that they are those of a whole step
 */
record GenerationRun(
        Components components,
        GenerationPlan plan,
        String computation,
        Checkpoints checkpoints,
        Interruption interruption,
        StepListener listener,
        PreviewSink previews,
        LatentPreview latentPreview,
        Tracer tracer) {
    /** @param latents [1, F, C, h, w] */
    private record Denoised(Tensor latents, Duration textEncoding, Duration denoising, int reusedSteps) {}

    Generation run(FrameSink frames) {
        OutputCheck check = new OutputCheck(components.computeType());
        makeRoom();
        try (MemoryScope scope = components.kernels().openScope()) {
            Optional<GenerationState> from = earlier();
            Optional<GenerationState> finished = from.filter(GenerationState::isDenoised);
            Denoised denoised = finished.isPresent() ? take(scope, finished.get()) : denoise(scope, from);
            check.latents(scope, denoised.latents());
            components.kernels().trim();
            long start = System.nanoTime();
            decode(scope, denoised.latents(), frames, check);
            return new Generation(
                    plan.parameters().numFrames(),
                    denoised.textEncoding(),
                    denoised.denoising(),
                    Duration.ofNanos(System.nanoTime() - start),
                    denoised.reusedSteps());
        } finally {
            components.textEmbeddings().readmitEncoder();
        }
    }

    /** What this way has no room for yet may be there of an earlier generation. */
    private void makeRoom() {
        if (plan.rung().has(Saving.COMPONENTS_BY_STAGE)) {
            components.vae().release();
        }
        if (plan.rung().has(Saving.COMPONENTS_BY_STAGE) || plan.rung().has(Saving.TRANSFORMER_STREAMED)) {
            components.transformer().release();
        }
        if (!plan.rung().has(Saving.TRANSFORMER_STREAMED)) {
            components.streamedTransformer().release();
        }
    }

    private Optional<GenerationState> earlier() {
        int steps = plan.parameters().steps().taken();
        var dtype = components.computeType().dtype();
        Optional<GenerationState> from =
                new Resumption(checkpoints, components.scheduler(), dtype, plan.shape(), steps).find(computation);
        from.ifPresent(state -> {
            checkpoints.resumed(state.step(), steps);
            listener.onStep(state.step(), steps);
        });
        return from;
    }

    private Denoised take(MemoryScope scope, GenerationState finished) {
        releaseTextEncoder();
        return new Denoised(finished.latents(scope), Duration.ZERO, Duration.ZERO, finished.reusedSteps());
    }

    private Denoised denoise(MemoryScope scope, Optional<GenerationState> from) {
        long start = System.nanoTime();
        Tensor text = encodeText(scope);
        releaseTextEncoder();
        components.kernels().trim();
        long encoded = System.nanoTime();
        var preview = new Preview(components, plan, interruption, previews);
        var denoising = new Denoising(
                components, plan, computation, checkpoints, interruption, listener, preview, latentPreview, tracer);
        try (Generator generator = Generator.seeded(scope, plan.parameters().seed())) {
            Denoising.Result result = denoising.run(scope, text, generator, from);
            return new Denoised(
                    result.latents(),
                    Duration.ofNanos(encoded - start),
                    Duration.ofNanos(System.nanoTime() - encoded),
                    result.reusedSteps());
        }
    }

    private Tensor encodeText(MemoryScope scope) {
        try (MemoryScope encoding = scope.open(interruption)) {
            return scope.adopt(components.textEmbeddings().encode(encoding, plan.parameters(), tracer));
        }
    }

    private void releaseTextEncoder() {
        if (plan.rung().has(Saving.TEXT_ENCODER_RELEASED)) {
            components.textEmbeddings().releaseEncoder();
        }
    }

    private void decode(MemoryScope parent, Tensor latents, FrameSink sink, OutputCheck check) {
        if (plan.rung().has(Saving.COMPONENTS_BY_STAGE)) {
            plan.transformer().network().release();
            components.kernels().trim();
        }
        var frames = new DecodedFrames(plan, sink, tracer);
        LatentShape shape = plan.shape();
        try (MemoryScope scope = parent.open(interruption)) {
            Tensor wanted = TensorKernels.narrow(scope, latents, 1, shape.padding(), shape.frames());
            Tensor z = scope.call(
                    "latents_to_vae", wanted, 1 / components.vaeConfig().scalingFactor());
            components.vae().acquire(interruption).decode(scope, z, components.tiling(plan.rung()), chunk -> {
                check.chunk(scope, chunk);
                frames.add(scope, chunk);
            });
        }
        frames.finish();
        check.finish();
    }
}
