package io.text2video.worker.pipeline;

import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.ModelDefaults;
import io.text2video.worker.config.PipelineConfig;
import io.text2video.worker.kernels.ChosenPaths;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.NativeHeap;
import io.text2video.worker.kernels.OutOfMemoryException;
import io.text2video.worker.plan.InsufficientMemoryException;
import io.text2video.worker.plan.MemoryPlan;
import io.text2video.worker.plan.MemoryPlanner;
import io.text2video.worker.plan.PlannedVideo;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.tokenizer.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * CogVideoX, from a prompt to frames: text encoding, guided denoising, decoding. On the CPU, in one {@link ComputeType}.
 *
 * <p>Source: diffusers 0.39, {@code pipelines/cogvideo/pipeline_cogvideox.py}. The same seed gives the same video there
 * and here, but for rounding. Owns the model's native memory until closed; one generation at a time.
 */
public final class CogVideoXPipeline implements VideoPipeline {
    private final ModelDescription description;
    private final Components components;
    private final AdaptedTransformers transformers;
    private final MemoryPlanner planner;
    private final Computation computation;

    private CogVideoXPipeline(
            ModelDescription description,
            Components components,
            AdaptedTransformers transformers,
            MemoryPlanner planner,
            Computation computation) {
        this.description = description;
        this.components = components;
        this.transformers = transformers;
        this.planner = planner;
        this.computation = computation;
    }

    /**
     * Loads a checkpoint in the diffusers layout.
     *
     * @throws io.text2video.worker.config.InvalidCheckpointException when a file is missing or malformed
     * @throws io.text2video.worker.config.UnsupportedCheckpointException when it is of a kind not implemented
     * @throws io.text2video.worker.weights.WeightMismatchException when weights do not fit their config
     * @throws UnfitComputeTypeException when its values do not fit what is to be computed in
     * @throws IOException when a file cannot be read
     */
    public static CogVideoXPipeline load(Path modelDirectory) throws IOException {
        return load(modelDirectory, Map.of(), PipelineOptions.DEFAULT);
    }

    /**
     * The same, with LoRAs that jobs may ask for. Their files are read by the jobs that do, so a bad one fails its own jobs
     * alone.
     *
     * @param loras each LoRA's safetensors file by the id that requests name it by
     */
    public static CogVideoXPipeline load(Path modelDirectory, Map<String, Path> loras, PipelineOptions options)
            throws IOException {
        PipelineConfig config = PipelineConfig.read(modelDirectory);
        ModelDescription description = ModelDescription.of(config, modelDirectory);
        MemoryPlanner planner = options.planner(modelDirectory, description.limits());
        Components components = Components.load(config, modelDirectory, options);
        return new CogVideoXPipeline(
                description,
                components,
                new AdaptedTransformers(components, loras),
                planner,
                new Computation(
                        modelDirectory,
                        components.computeType(),
                        StorageChoice.of(modelDirectory, options.quantization()),
                        components.kernels().arithmetic()));
    }

    /** What to ask for where a request is silent. */
    public ModelDefaults defaults() {
        return description.defaults();
    }

    /** What the networks compute in. */
    public ComputeType computeType() {
        return components.computeType();
    }

    /** The ways that the CPU takes, and what was measured for them; empty on a GPU. */
    public Optional<ChosenPaths> cpuPaths() {
        return components.kernels().cpuPaths();
    }

    @Override
    public Truncation truncation(String prompt) {
        Encoding encoding = components
                .tokenizer()
                .tokenize(prompt, components.transformerConfig().maxTextSeqLength());
        return new Truncation(encoding.truncatedTokens(), encoding.truncatedText());
    }

    @Override
    public void validate(GenerationParameters parameters) {
        GenerationRules.check(parameters, description.limits());
        transformers.check(parameters.loras());
        planner.plan(planned(parameters, 0));
    }

    @Override
    public void prepare(GenerationParameters parameters) {
        GenerationRules.check(parameters, description.limits());
        transformers.check(parameters.loras());
        if (planner.plan(planned(parameters, 0)).rung().has(Saving.TEXT_ENCODER_RELEASED)) {
            // There is no room for the text encoder beside the generation that runs.
            return;
        }
        try (MemoryScope scope = components.kernels().openScope()) {
            components.textEmbeddings().prepare(scope, parameters);
        }
    }

    @Override
    public Generation generate(
            GenerationParameters parameters, Checkpoints checkpoints, StepListener listener, FrameSink frames) {
        return generate(parameters, checkpoints, listener, frames, TraceSink.NONE);
    }

    /**
     * Generates, and saves every intermediate tensor that {@link TraceSink} names, each in its own dtype; of a video that
     * cannot be shown too, as far as it came.
     *
     * @param file the safetensors file to write
     * @throws NonFiniteOutputException as {@link #generate} does
     * @throws IOException when the file cannot be written
     */
    public Generation trace(GenerationParameters parameters, StepListener listener, FrameSink frames, Path file)
            throws IOException {
        SafetensorsTrace trace = new SafetensorsTrace();
        try {
            Generation generation = generate(parameters, listener, frames, trace);
            trace.write(file, parameters);
            return generation;
        } catch (NonFiniteOutputException e) {
            trace.write(file, parameters);
            throw e;
        }
    }

    /**
     * Generates, and hands every intermediate tensor to a sink.
     *
     * @throws NonFiniteOutputException as {@link VideoPipeline#generate} does
     * @throws InvalidGenerationException as {@link #validate} does, and when a LoRA's file is not usable with this model
     * @throws InsufficientMemoryException when there is less memory than it takes however it runs
     * @throws OutOfMemoryException when there turned out to be less, and the next way down did not fit either
     */
    public Generation generate(
            GenerationParameters parameters, StepListener listener, FrameSink frames, TraceSink sink) {
        return generate(parameters, Checkpoints.NONE, listener, frames, sink);
    }

    Generation generate(
            GenerationParameters parameters,
            Checkpoints checkpoints,
            StepListener listener,
            FrameSink frames,
            TraceSink sink) {
        validate(parameters);
        // Before the prompt is encoded, as a LoRA's file may be refused.
        transformers.with(parameters.loras());
        MemoryPlan plan = planner.plan(planned(parameters, transformers.bytes()));
        var watched = new WatchedFrames(frames);
        return new Replanning(plan, () -> sink == TraceSink.NONE && !watched.haveCome())
                .run(rung -> generate(parameters, rung, checkpoints, listener, watched, sink));
    }

    /** The same by one way, whatever the plan. */
    Generation generate(
            GenerationParameters parameters,
            Rung rung,
            Checkpoints checkpoints,
            StepListener listener,
            FrameSink frames,
            TraceSink sink) {
        String name = checkpoints == Checkpoints.NONE
                ? ""
                : computation.of(parameters, transformers.describe(parameters.loras()), rung);
        try {
            return new GenerationRun(
                            components,
                            transformers.with(parameters.loras()),
                            parameters,
                            rung,
                            name,
                            checkpoints,
                            listener,
                            new Tracer(sink))
                    .run(frames);
        } finally {
            NativeHeap.trim();
        }
    }

    private static PlannedVideo planned(GenerationParameters parameters, long loraBytes) {
        return new PlannedVideo(
                parameters.height(),
                parameters.width(),
                parameters.numFrames(),
                Guidance.of(parameters).active(),
                parameters.image() != null,
                parameters.cacheThreshold() > 0,
                loraBytes);
    }

    @Override
    public void close() {
        components.close();
    }
}
