package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.Generator;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.NativeHeap;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.CogVideoXTransformer3DModel;
import io.text2video.worker.model.LatentShape;
import io.text2video.worker.plan.Rung;
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
 */
record GenerationRun(
        Components components,
        CogVideoXTransformer3DModel transformer,
        GenerationParameters parameters,
        Rung rung,
        String computation,
        Checkpoints checkpoints,
        StepListener listener,
        Tracer tracer) {
    /** @param latents [1, F, C, h, w] */
    private record Denoised(Tensor latents, Duration textEncoding, Duration denoising, int reusedSteps) {}

    Generation run(FrameSink frames) {
        LatentShape shape = LatentShape.of(
                parameters.height(),
                parameters.width(),
                parameters.numFrames(),
                components.transformerConfig(),
                components.vaeConfig());
        OutputCheck check = new OutputCheck(components.computeType());
        try (MemoryScope scope = components.kernels().openScope()) {
            Optional<GenerationState> from = earlier(shape);
            Optional<GenerationState> finished = from.filter(GenerationState::isDenoised);
            Denoised denoised = finished.isPresent() ? take(scope, finished.get()) : denoise(scope, shape, from);
            check.latents(scope, denoised.latents());
            NativeHeap.trim();
            long start = System.nanoTime();
            decode(scope, shape, denoised.latents(), frames, check);
            return new Generation(
                    parameters.numFrames(),
                    denoised.textEncoding(),
                    denoised.denoising(),
                    Duration.ofNanos(System.nanoTime() - start),
                    denoised.reusedSteps());
        }
    }

    private Optional<GenerationState> earlier(LatentShape shape) {
        int steps = parameters.numInferenceSteps();
        var dtype = components.computeType().dtype();
        Optional<GenerationState> from =
                new Resumption(checkpoints, components.scheduler(), dtype, shape, steps).find(computation);
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

    private Denoised denoise(MemoryScope scope, LatentShape shape, Optional<GenerationState> from) {
        long start = System.nanoTime();
        Tensor text = components.textEmbeddings().encode(scope, parameters, tracer);
        releaseTextEncoder();
        NativeHeap.trim();
        long encoded = System.nanoTime();
        Denoising denoising = new Denoising(
                components, transformer, parameters, shape, rung, listener, tracer, checkpoints, computation);
        try (Generator generator = Generator.seeded(scope, parameters.seed())) {
            Tensor latents = denoising.run(scope, text, generator, from);
            return new Denoised(
                    latents,
                    Duration.ofNanos(encoded - start),
                    Duration.ofNanos(System.nanoTime() - encoded),
                    denoising.reusedSteps());
        }
    }

    private void releaseTextEncoder() {
        if (rung.has(Saving.TEXT_ENCODER_RELEASED)) {
            components.textEmbeddings().releaseEncoder();
        }
    }

    private void decode(MemoryScope scope, LatentShape shape, Tensor latents, FrameSink sink, OutputCheck check) {
        var frames = new DecodedFrames(parameters, shape.decodedFrames(), sink, tracer);
        Tensor wanted = TensorKernels.narrow(scope, latents, 1, shape.padding(), shape.frames());
        Tensor z =
                scope.call("latents_to_vae", wanted, 1 / components.vaeConfig().scalingFactor());
        components.vae().decode(scope, z, components.tiling(rung), chunk -> {
            check.chunk(scope, chunk);
            frames.add(scope, chunk);
        });
        frames.finish();
        check.finish();
    }
}
