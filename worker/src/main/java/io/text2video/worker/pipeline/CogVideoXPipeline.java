package io.text2video.worker.pipeline;

import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.LoraScale;
import io.text2video.common.model.ModelCost;
import io.text2video.common.model.ModelDefaults;
import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.ChosenPaths;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.OutOfMemoryException;
import io.text2video.worker.model.AutoencoderKLCogVideoX;
import io.text2video.worker.model.LatentShape;
import io.text2video.worker.pipeline.AdaptedTransformers.Adapted;
import io.text2video.worker.plan.InsufficientMemoryException;
import io.text2video.worker.plan.MemoryPlan;
import io.text2video.worker.plan.MemoryPlanner;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.state.Checkpoints;
import io.text2video.worker.state.Computation;
import io.text2video.worker.tokenizer.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * CogVideoX, from a prompt to frames: text encoding, guided denoising, decoding. On the devices that it was loaded for, in one
 * {@link ComputeType}.
 *
 * <p>Source: diffusers 0.39, {@code pipelines/cogvideo/pipeline_cogvideox.py}, and beside it
 * {@code pipeline_cogvideox_image2video.py}, {@code pipeline_cogvideox_video2video.py} and
 * {@code pipeline_cogvideox_fun_control.py}. The same seed gives the same video there
 * and here, but for rounding. Owns the model's native memory until closed; one generation at a time.
 */
public final class CogVideoXPipeline implements VideoPipeline {
    private final ModelDescription description;
    private final Components components;
    private final AdaptedTransformers transformers;
    private final MemoryPlanner planner;
    private final Computation computation;
    private final CostProbe costs;
    private final List<Path> vaeFiles;

    /** Empty before {@link #prepareLatentPreviews}, and where there was no memory for it. */
    private volatile Optional<LatentRgb> colours = Optional.empty();

    /** Whoever looks at the steps of a generation. */
    private record Previews(PreviewSink decoded, LatentPreview latent) {
        static final Previews NONE = new Previews(PreviewSink.NONE, LatentPreview.NONE);
    }

    private CogVideoXPipeline(
            ModelDescription description,
            Components components,
            AdaptedTransformers transformers,
            MemoryPlanner planner,
            Computation computation,
            CostProbe costs,
            List<Path> vaeFiles) {
        this.description = description;
        this.components = components;
        this.transformers = transformers;
        this.planner = planner;
        this.computation = computation;
        this.costs = costs;
        this.vaeFiles = vaeFiles;
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
        return load(modelDirectory, loras, options, Interruption.NONE);
    }

    /**
     * The same.
     *
     * @param interruption asked before each weight; what it throws ends the loading, of which nothing is kept
     */
    public static CogVideoXPipeline load(
            Path modelDirectory, Map<String, Path> loras, PipelineOptions options, Interruption interruption)
            throws IOException {
        CheckpointFiles files = CheckpointFiles.open(modelDirectory);
        LoadingPlan loading = LoadingPlan.of(files, options);
        ModelDescription description = ModelDescription.of(files);
        // Before the weights are on a GPU, whose free memory it looks at.
        MemoryPlanner planner = options.planner(files, loading, options.machine());
        Components components = Components.load(files, loading, interruption);
        return new CogVideoXPipeline(
                description,
                components,
                new AdaptedTransformers(components, loras),
                planner,
                new Computation(
                        modelDirectory,
                        Map.of(
                                "dtype",
                                loading.computeType(),
                                "quantization",
                                loading.quantization(),
                                "arithmetic",
                                components.kernels().arithmetic(),
                                "gpus",
                                loading.device().models())),
                new CostProbe(components, files.config().textEncoder()),
                vaeFiles(files));
    }

    private static List<Path> vaeFiles(CheckpointFiles files) {
        Path config = files.directory(Component.VAE).resolve("config.json");
        return Stream.concat(Stream.of(config), files.weights(Component.VAE).files().stream())
                .toList();
    }

    /**
     * Lets {@link LatentPreviewSink}s be shown something: takes the published map of latents to colours where the VAE is
     * CogVideoX's own, else one that is fitted to it, once on a machine, in some seconds. Without memory for that there are no
     * previews.
     *
     * @param cache the cache directory; empty to keep nothing
     * @param interruption asked before each kernel
     * @throws IOException when one of the VAE's files cannot be read
     */
    public void prepareLatentPreviews(Optional<Path> cache, Interruption interruption) throws IOException {
        VaeConfig config = components.vaeConfig();
        colours = LatentRgb.published(config);
        if (colours.isEmpty()) {
            try (MemoryScope scope = components.kernels().openScope(interruption)) {
                colours = Optional.of(new LatentRgbFile(cache).of(config.latentChannels(), vaeFiles, () -> {
                    AutoencoderKLCogVideoX vae = components.vae().acquire(interruption);
                    return LatentRgbFit.fit(
                            scope, vae, config, components.computeType().dtype());
                }));
            } catch (OutOfMemoryException e) {
                // Of a GPU: what a job makes of it is the job's own.
                colours = Optional.empty();
            } finally {
                components.kernels().trim();
            }
        }
    }

    /** What the checkpoint's own files say of it. */
    public ModelDescription description() {
        return description;
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

    /** What the text encoder reads of a prompt. */
    public Encoding tokenize(String prompt) {
        return components
                .tokenizer()
                .tokenize(prompt, components.transformerConfig().maxTextSeqLength());
    }

    @Override
    public Truncation truncation(String prompt) {
        Encoding encoding = tokenize(prompt);
        return new Truncation(encoding.truncatedTokens(), encoding.truncatedText());
    }

    @Override
    public void validate(GenerationParameters parameters) {
        check(parameters);
        planner.plan(GenerationPlan.video(parameters, 0));
    }

    @Override
    public Optional<ModelCost> cost() {
        try {
            return Optional.of(costs.measure());
        } catch (OutOfMemoryException e) {
            // Of a GPU that holds no whole network: nothing of it can be timed alone.
            return Optional.empty();
        } finally {
            components.kernels().trim();
        }
    }

    @Override
    public Optional<Provenance> provenance(List<LoraScale> loras) {
        return Optional.of(new Provenance(computation.model(), transformers.weights(loras), computation.loaded()));
    }

    @Override
    public void prepare(GenerationParameters parameters, Interruption interruption) {
        check(parameters);
        if (!planner.encodesAhead()) {
            return;
        }
        try (MemoryScope scope = components.kernels().openScope();
                MemoryScope encoding = scope.open(interruption)) {
            components.textEmbeddings().prepare(encoding, parameters);
        }
    }

    @Override
    public Generation generate(
            GenerationParameters parameters,
            Checkpoints checkpoints,
            Interruption interruption,
            StepListener listener,
            FrameSink frames) {
        return generate(parameters, checkpoints, interruption, listener, Previews.NONE, frames, TraceSink.NONE);
    }

    @Override
    public Generation generate(
            GenerationParameters parameters,
            Checkpoints checkpoints,
            Interruption interruption,
            StepListener listener,
            LatentPreviewSink previews,
            FrameSink frames) {
        var shown = new Previews(PreviewSink.NONE, new LatentPreview(colours, previews));
        return generate(parameters, checkpoints, interruption, listener, shown, frames, TraceSink.NONE);
    }

    /**
     * The same from its start to its end, with a look at each step.
     *
     * @param previews shown what each step has made of the latents; where there is no memory for that, nothing
     */
    public Generation generate(
            GenerationParameters parameters,
            Interruption interruption,
            StepListener listener,
            PreviewSink previews,
            FrameSink frames) {
        var shown = new Previews(previews, LatentPreview.NONE);
        return generate(parameters, Checkpoints.NONE, interruption, listener, shown, frames, TraceSink.NONE);
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
        return generate(parameters, Checkpoints.NONE, Interruption.NONE, listener, Previews.NONE, frames, sink);
    }

    private Generation generate(
            GenerationParameters parameters,
            Checkpoints checkpoints,
            Interruption interruption,
            StepListener listener,
            Previews previews,
            FrameSink frames,
            TraceSink sink) {
        check(parameters);
        // Before the prompt is encoded, as a LoRA's file may be refused.
        Adapted transformer = transformers.with(parameters.loras(), interruption);
        MemoryPlan memory = planner.plan(GenerationPlan.video(parameters, transformer.bytes()));
        GenerationPlan plan = plan(parameters, transformer, memory.rung());
        var watched = new WatchedFrames(frames);
        return new Replanning(memory, () -> sink == TraceSink.NONE && !watched.haveCome())
                .run(rung -> run(plan.by(rung), checkpoints, interruption, listener, previews, watched, sink));
    }

    /** The same by one way, whatever memory there is. */
    Generation generate(
            GenerationParameters parameters,
            Rung rung,
            Checkpoints checkpoints,
            StepListener listener,
            FrameSink frames,
            TraceSink sink) {
        check(parameters);
        GenerationPlan plan = plan(parameters, transformers.with(parameters.loras(), Interruption.NONE), rung);
        return run(plan, checkpoints, Interruption.NONE, listener, Previews.NONE, frames, sink);
    }

    private void check(GenerationParameters parameters) {
        description
                .limits()
                .checkControl(parameters.control() != null, parameters.image() != null, parameters.video() != null);
        GenerationRules.check(parameters, description.limits());
        GenerationRules.checkPatches(
                parameters,
                components.vaeConfig().temporalCompressionRatio(),
                components.transformerConfig().patchFrames());
        transformers.check(parameters.loras());
    }

    private GenerationPlan plan(GenerationParameters parameters, Adapted transformer, Rung rung) {
        LatentShape shape = LatentShape.of(
                parameters.height(),
                parameters.width(),
                parameters.numFrames(),
                components.transformerConfig(),
                components.vaeConfig());
        return GenerationPlan.of(parameters, shape, transformer, rung);
    }

    private Generation run(
            GenerationPlan plan,
            Checkpoints checkpoints,
            Interruption interruption,
            StepListener listener,
            Previews previews,
            FrameSink frames,
            TraceSink sink) {
        String name = checkpoints == Checkpoints.NONE
                ? ""
                : computation.of(plan.decisive(components.kernels().device().isCuda()));
        GenerationPlan drawn = plan.rung().has(Saving.TRANSFORMER_STREAMED) ? plan.with(transformers.streamed()) : plan;
        try {
            return new GenerationRun(
                            components,
                            drawn,
                            name,
                            checkpoints,
                            interruption,
                            listener,
                            previews.decoded(),
                            previews.latent(),
                            new Tracer(sink))
                    .run(frames);
        } finally {
            components.kernels().trim();
        }
    }

    @Override
    public void close() {
        components.close();
    }

    /** Knows whether a sink has been given frames, after which a generation cannot start anew. For one thread. */
    private static final class WatchedFrames implements FrameSink {
        private final FrameSink sink;
        private boolean come;

        WatchedFrames(FrameSink sink) {
            this.sink = sink;
        }

        boolean haveCome() {
            return come;
        }

        @Override
        public void accept(Frames chunk) {
            come = true;
            sink.accept(chunk);
        }
    }
}
