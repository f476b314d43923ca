package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.Generator;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.CogVideoXTransformer3DModel;
import io.text2video.worker.model.CogVideoXTransformer3DModel.Pass;
import io.text2video.worker.model.CogVideoXTransformer3DModel.Positions;
import io.text2video.worker.model.LatentShape;
import io.text2video.worker.model.StepCache;
import io.text2video.worker.model.Tiling;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.scheduler.Trajectory;
import io.text2video.worker.state.Checkpoints;
import io.text2video.worker.state.GenerationState;
import io.text2video.worker.state.StateKeeper;
import io.text2video.worker.weights.SafetensorsDtype;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** From noise to the latents of a video, step by step. */
final class Denoising {
    /** Latents are [B, F, C, h, w]. */
    private static final int CHANNELS = 2;

    private final Components components;
    private final CogVideoXTransformer3DModel transformer;
    private final GenerationParameters parameters;
    private final LatentShape shape;
    private final Rung rung;
    private final Guidance guidance;
    private final StepListener listener;
    private final Tracer tracer;
    private final Checkpoints checkpoints;
    private final String computation;
    private int reusedSteps;

    Denoising(
            Components components,
            CogVideoXTransformer3DModel transformer,
            GenerationParameters parameters,
            LatentShape shape,
            Rung rung,
            StepListener listener,
            Tracer tracer,
            Checkpoints checkpoints,
            String computation) {
        this.components = components;
        this.transformer = transformer;
        this.parameters = parameters;
        this.shape = shape;
        this.rung = rung;
        this.guidance = Guidance.of(parameters);
        this.listener = listener;
        this.tracer = tracer;
        this.checkpoints = checkpoints;
        this.computation = computation;
    }

    /**
     * Draws everything random in the reference's order: the image's sample, the noise, then what the scheduler adds.
     *
     * @param text [B, T, d]
     * @param from what to go on from; empty for the start
     * @return [1, F, C, h, w]
     */
    Tensor run(MemoryScope scope, Tensor text, Generator generator, Optional<GenerationState> from) {
        Optional<Tensor> image =
                Optional.ofNullable(parameters.image()).map(pixels -> encode(scope, pixels, generator));
        Tensor latents = noise(generator, "pipeline_noise").draw(scope, shape.dimensions());
        Positions positions = transformer.positions(scope, shape.frames(), shape.height(), shape.width());
        try (Trajectory trajectory = components
                        .scheduler()
                        .start(scope, parameters.numInferenceSteps(), noise(generator, "scheduler_noise"));
                StepCache cache = StepCache.of(scope, parameters.cacheThreshold(), trajectory.length())) {
            trace(trajectory);
            if (from.isPresent()) {
                latents.free();
                latents = resume(scope, from.get(), trajectory, cache);
            }
            int done = from.map(GenerationState::step).orElse(0);
            var keeper = new StateKeeper(checkpoints, computation, trajectory, cache, done);
            for (int i = done; i < trajectory.length(); i++) {
                keeper.beforeStep(scope, i, latents);
                int timestep = trajectory.timestep(i);
                try (MemoryScope own = scope.open()) {
                    Tensor input = input(own, latents, image);
                    if (i == done) {
                        tracer.tensor(own, "transformer_input." + i, input);
                    }
                    Tensor output = predict(own, input, text, timestep, positions, cache);
                    tracer.tensor(own, "noise_pred." + i, output);
                    Tensor next = trajectory.step(scope, i, latents, guidance.apply(own, output, timestep));
                    latents.free();
                    latents = next;
                    tracer.tensor(own, "latents." + i, latents);
                }
                // Progress, cancelling and the watchdog go by what is computed, not by what is asked for.
                components.kernels().await(scope, latents);
                keeper.afterStep(scope, i + 1, latents);
                try {
                    listener.onStep(i + 1, trajectory.length());
                } catch (RuntimeException e) {
                    // What ends the generation may have come since a state was last wanted.
                    keeper.keepIfDue(scope, i + 1, latents);
                    throw e;
                }
            }
            if (cache != StepCache.NONE) {
                tracer.floats("step_changes", cache.changes());
            }
            reusedSteps = cache.reusedSteps();
        }
        return latents;
    }

    /** How many of the steps that were run used the transformer's earlier work again. */
    int reusedSteps() {
        return reusedSteps;
    }

    private Tensor resume(MemoryScope scope, GenerationState from, Trajectory trajectory, StepCache cache) {
        trajectory.resume(from.step(), from.memory(scope), shape.dimensions());
        cache.resume(from.step(), from.reusedSteps());
        return from.latents(scope);
    }

    private Noise noise(Generator generator, String key) {
        return new Noise(generator, components.computeType().dtype(), tracer, key);
    }

    private Tensor encode(MemoryScope scope, RgbImage image, Generator generator) {
        tracer.bytes("image_rgb8", SafetensorsDtype.U8, ByteBuffer.wrap(image.rgb()), image.height(), image.width(), 3);
        Tiling tiling = components.tiling(rung);
        return ImageLatents.encode(scope, components, parameters, shape, tiling, noise(generator, "image_noise"));
    }

    /** Under guidance of both, in one pass or two; the cache, which judges both as one, knows one pass only. */
    private Tensor predict(
            MemoryScope out, Tensor input, Tensor text, int timestep, Positions positions, StepCache cache) {
        if (!guidance.active() || cache != StepCache.NONE || !rung.has(Saving.GUIDANCE_PASSES)) {
            return transformer.forward(
                    out, new Pass(input, text, timestep, positions, cache, rung.feedForwardTokens()));
        }
        try (MemoryScope scope = out.open()) {
            List<Tensor> predictions = new ArrayList<>();
            for (int i = 0; i < input.size(0); i++) {
                predictions.add(transformer.forward(
                        scope,
                        new Pass(
                                TensorKernels.narrow(scope, input, 0, i, i + 1),
                                TensorKernels.narrow(scope, text, 0, i, i + 1),
                                timestep,
                                positions,
                                cache,
                                rung.feedForwardTokens())));
            }
            return TensorKernels.concat(out, predictions, 0);
        }
    }

    private Tensor input(MemoryScope out, Tensor latents, Optional<Tensor> image) {
        Tensor joined = image.isEmpty() ? latents : TensorKernels.concat(out, List.of(latents, image.get()), CHANNELS);
        return guidance.active() ? TensorKernels.concat(out, List.of(joined, joined), 0) : joined;
    }

    private void trace(Trajectory trajectory) {
        tracer.floats("alphas_cumprod", components.scheduler().alphasCumprod());
        tracer.floats(
                "timesteps",
                IntStream.range(0, trajectory.length())
                        .mapToDouble(trajectory::timestep)
                        .toArray());
    }
}
