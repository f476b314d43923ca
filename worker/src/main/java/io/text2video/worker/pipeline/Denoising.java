package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.Generator;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.LatentShape;
import io.text2video.worker.model.StepCache;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.scheduler.NoiseSource;
import io.text2video.worker.scheduler.Trajectory;
import io.text2video.worker.state.Checkpoints;
import io.text2video.worker.state.GenerationState;
import io.text2video.worker.state.StateKeeper;
import io.text2video.worker.weights.SafetensorsDtype;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * From noise, or a video mixed with it, to the latents of a video, step by step; beside those of an image or of a control
 * video, where the model takes them.
 *
 * @param computation its name, where there are checkpoints
 * @param interruption asked while an image or a video is encoded and the transformer predicts
 */
record Denoising(
        Components components,
        GenerationPlan plan,
        String computation,
        Checkpoints checkpoints,
        Interruption interruption,
        StepListener listener,
        Preview preview,
        LatentPreview latentPreview,
        Tracer tracer) {
    /** Latents are [B, F, C, h, w]. */
    private static final int CHANNELS = 2;

    /**
     * What came of it.
     *
     * @param latents [1, F, C, h, w]
     * @param reusedSteps how many of the steps used the transformer's earlier work again
     */
    record Result(Tensor latents, int reusedSteps) {}

    /**
     * Draws everything random in the reference's order: the image's or the video's sample, the noise, then what the scheduler
     * adds.
     *
     * @param text [B, T, d]
     * @param from what to go on from; empty for the start
     */
    Result run(MemoryScope scope, Tensor text, Generator generator, Optional<GenerationState> from) {
        GenerationParameters parameters = plan.parameters();
        LatentShape shape = plan.shape();
        Optional<Tensor> beside = parameters.control() != null
                ? Optional.of(control(scope))
                : Optional.ofNullable(parameters.image()).map(pixels -> encode(scope, pixels, generator));
        Optional<Tensor> video = parameters.video() == null ? Optional.empty() : video(scope, generator, from);
        if (plan.rung().has(Saving.COMPONENTS_BY_STAGE)) {
            components.vae().release();
            components.kernels().trim();
        }
        Tensor latents = noise(generator, "pipeline_noise").draw(scope, shape.dimensions());
        try (Trajectory trajectory =
                        components.scheduler().start(scope, parameters.steps(), schedulerNoise(generator));
                StepCache cache = StepCache.of(scope, parameters.cacheThreshold(), trajectory.length());
                NoisePrediction prediction = new NoisePrediction(scope, plan, text, cache, components.otherKernels())) {
            trace(trajectory);
            if (from.isPresent()) {
                latents.free();
                latents = resume(scope, from.get(), trajectory, cache);
            } else if (video.isPresent()) {
                latents = mix(scope, video.get(), latents, trajectory.timestep(0));
            }
            int done = from.map(GenerationState::step).orElse(0);
            var keeper = new StateKeeper(checkpoints, computation, trajectory, cache, done);
            for (int i = done; i < trajectory.length(); i++) {
                keeper.beforeStep(scope, i, latents);
                int timestep = trajectory.timestep(i);
                Optional<Supplier<Frames>> picture;
                try (MemoryScope own = scope.open()) {
                    Tensor input = input(own, latents, beside);
                    if (i == done) {
                        tracer.tensor(own, "transformer_input." + i, input);
                    }
                    Tensor output;
                    try (MemoryScope predicting = own.open(interruption)) {
                        output = own.adopt(prediction.at(predicting, input, timestep));
                    } catch (CancellationException e) {
                        // What interrupts may want the state of the steps that are done.
                        keeper.keepIfDue(scope, i, latents);
                        throw e;
                    }
                    tracer.tensor(own, "noise_pred." + i, output);
                    Tensor guided = plan.guidance().apply(own, output, timestep);
                    picture = latentPreview.take(
                            own, plan, components.vaeConfig().scalingFactor(), trajectory, i, latents, guided);
                    Tensor next = trajectory.step(scope, i, latents, guided);
                    latents.free();
                    latents = next;
                    tracer.tensor(own, "latents." + i, latents);
                }
                // Progress, cancelling and the watchdog go by what is computed, not by what is asked for.
                components.kernels().await(scope, latents);
                keeper.afterStep(scope, i + 1, latents);
                try {
                    listener.onStep(i + 1, trajectory.length());
                    int step = i + 1;
                    picture.ifPresent(shown -> latentPreview.sink().accept(step, shown));
                    preview.show(scope, i + 1, latents);
                } catch (RuntimeException e) {
                    // What ends the generation may have come since a state was last wanted.
                    keeper.keepIfDue(scope, i + 1, latents);
                    throw e;
                }
            }
            if (cache != StepCache.NONE) {
                tracer.floats("step_changes", cache.changes());
            }
            return new Result(latents, cache.reusedSteps());
        }
    }

    private Tensor resume(MemoryScope scope, GenerationState from, Trajectory trajectory, StepCache cache) {
        trajectory.resume(from.step(), from.memory(scope), plan.shape().dimensions());
        cache.resume(from.step(), from.reusedSteps());
        return from.latents(scope);
    }

    /** A generation that goes on draws again what the steps before have drawn, which may take seconds. */
    private NoiseSource schedulerNoise(Generator generator) {
        Noise noise = noise(generator, "scheduler_noise");
        return (scope, shape) -> {
            interruption.check("randn");
            return noise.draw(scope, shape);
        };
    }

    private Noise noise(Generator generator, String key) {
        return new Noise(generator, components.computeType().dtype(), tracer, key);
    }

    private Tensor encode(MemoryScope scope, RgbImage image, Generator generator) {
        tracer.bytes("image_rgb8", SafetensorsDtype.U8, ByteBuffer.wrap(image.rgb()), image.height(), image.width(), 3);
        try (MemoryScope encoding = scope.open(interruption)) {
            return scope.adopt(new SampledLatents(components, plan).ofImage(encoding, noise(generator, "image_noise")));
        }
    }

    private Tensor control(MemoryScope scope) {
        try (MemoryScope encoding = scope.open(interruption)) {
            Tensor latents = scope.adopt(new SampledLatents(components, plan).ofControl(encoding));
            tracer.tensor(encoding, "control_latents", latents);
            return latents;
        }
    }

    /** The latents of the video; empty where the steps begin after them, and only what is drawn for them is drawn. */
    private Optional<Tensor> video(MemoryScope scope, Generator generator, Optional<GenerationState> from) {
        var sampled = new SampledLatents(components, plan);
        Noise noise = noise(generator, "video_noise");
        try (MemoryScope encoding = scope.open(interruption)) {
            if (from.isPresent()) {
                sampled.drawForVideo(encoding, noise);
                return Optional.empty();
            }
            Tensor latents = scope.adopt(sampled.ofVideo(encoding, noise));
            tracer.tensor(encoding, "video_latents", latents);
            return Optional.of(latents);
        }
    }

    /** Frees both. */
    private Tensor mix(MemoryScope scope, Tensor clean, Tensor noise, int timestep) {
        Tensor noised = components.scheduler().addNoise(scope, clean, noise, timestep);
        clean.free();
        noise.free();
        tracer.tensor(scope, "noised_latents", noised);
        return noised;
    }

    private Tensor input(MemoryScope out, Tensor latents, Optional<Tensor> beside) {
        Tensor joined =
                beside.isEmpty() ? latents : TensorKernels.concat(out, List.of(latents, beside.get()), CHANNELS);
        return plan.guidance().active() ? TensorKernels.concat(out, List.of(joined, joined), 0) : joined;
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
