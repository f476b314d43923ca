package io.text2video.worker.info;

import io.text2video.common.model.ModelLimits;
import io.text2video.worker.config.GenerationConfig;
import io.text2video.worker.config.InvalidCheckpointException;
import io.text2video.worker.config.ModelIndex;
import io.text2video.worker.config.SchedulerConfig;
import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.pipeline.GenerationRules;
import io.text2video.worker.plan.Extent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a checkpoint is, without loading it.
 *
 * @param modelId what requests name it by
 * @param kind the published model whose numbers it has, or its own numbers
 * @param published whether {@code kind} is a published model
 * @param pipeline diffusers' pipeline class, that of the pipeline that runs
 * @param scheduler diffusers' scheduler class
 * @param positions how tokens learn where they are: {@code 3D sin-cos}, {@code rotary} or {@code rotary + learned}
 * @param layers of the transformer
 * @param width of one of its tokens
 * @param latentFramesPerPatch 1 where a patch lies in one latent frame
 * @param publishedDtype what its kind was published in; for a kind of its own, what most of the transformer is stored in
 * @param components text encoder, transformer and VAE
 * @param parameters of all components
 * @param files safetensors files of all components
 * @param bytes of those files
 */
public record ModelInfo(
        String modelId,
        String kind,
        boolean published,
        String pipeline,
        String scheduler,
        String positions,
        int layers,
        int width,
        int latentFramesPerPatch,
        Precision publishedDtype,
        List<ComponentInfo> components,
        long parameters,
        int files,
        long bytes,
        GenerationInfo generation,
        MemoryEstimate memory) {
    private static final List<String> COMPONENTS =
            List.of(TextEncoderConfig.FOLDER, TransformerConfig.FOLDER, VaeConfig.FOLDER);

    public ModelInfo {
        components = List.copyOf(components);
    }

    /**
     * The video that memory is estimated for; what is null is the model's default.
     *
     * @param height pixels
     * @param width pixels
     */
    public record Size(Integer height, Integer width, Integer numFrames) {
        public static final Size DEFAULT = new Size(null, null, null);
    }

    /** Reads a checkpoint that goes by its directory's name, and estimates memory for its default size. */
    public static ModelInfo read(Path modelDirectory) throws IOException {
        return read(modelDirectory.getFileName().toString(), modelDirectory, Size.DEFAULT);
    }

    /**
     * Reads a checkpoint's configs and headers.
     *
     * @throws InvalidCheckpointException when there is no checkpoint, or a file of it is malformed
     * @throws io.text2video.worker.config.UnsupportedCheckpointException when it is of a kind not implemented
     * @throws io.text2video.worker.weights.InvalidSafetensorsException when weights are missing or malformed
     * @throws io.text2video.common.model.InvalidGenerationException when the model cannot make that size
     * @throws IOException when a file cannot be read
     */
    public static ModelInfo read(String modelId, Path modelDirectory, Size size) throws IOException {
        Path directory = modelDirectory.toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            throw new InvalidCheckpointException(modelDirectory, "is not a directory that holds a checkpoint");
        }
        ModelIndex named = ModelIndex.read(directory);
        TransformerConfig transformer = TransformerConfig.read(directory);
        ModelIndex index = named.running(transformer);
        VaeConfig vae = VaeConfig.read(directory);
        GenerationConfig defaults = GenerationConfig.read(directory, transformer, vae, index.funControl());
        ModelLimits limits = GenerationRules.limits(index, transformer, vae, SchedulerConfig.read(directory, index));
        int height = Optional.ofNullable(size.height()).orElse(defaults.height());
        int width = Optional.ofNullable(size.width()).orElse(defaults.width());
        int numFrames = Optional.ofNullable(size.numFrames()).orElse(defaults.numFrames());
        limits.check(height, width, numFrames, defaults.numInferenceSteps());
        var video = new Extent(height, width, numFrames, TextEncoderConfig.read(directory), transformer, vae);

        List<ComponentWeights> parts = new ArrayList<>();
        List<ComponentInfo> components = new ArrayList<>();
        for (String name : COMPONENTS) {
            ComponentWeights part = ComponentWeights.read(directory, index, name);
            parts.add(part);
            components.add(part.describe());
        }
        long bytes = components.stream().mapToLong(ComponentInfo::bytes).sum();
        Optional<PublishedModel> known = PublishedModel.of(index, transformer);
        Precision dtype =
                known.map(model -> model.dtype).orElse(parts.get(1).storedIn().orElse(Precision.FP32));
        return new ModelInfo(
                modelId,
                known.map(model -> model.label).orElseGet(() -> numbers(index, transformer)),
                known.isPresent(),
                index.className(),
                index.schedulerClass(),
                positions(transformer),
                transformer.numLayers(),
                transformer.innerDim(),
                transformer.patchFrames(),
                dtype,
                components,
                components.stream().mapToLong(ComponentInfo::parameters).sum(),
                components.stream().mapToInt(ComponentInfo::files).sum(),
                bytes,
                GenerationInfo.of(limits, defaults, transformer, vae, index.funControl()),
                MemoryEstimate.of(
                        index.funControl() ? numFrames : index.imageToVideo() ? 1 : 0, dtype, video, parts, bytes));
    }

    private static String numbers(ModelIndex index, TransformerConfig transformer) {
        return "%s, %d layers of width %d"
                .formatted(
                        index.funControl() ? "CogVideoX Fun Control" : "CogVideoX",
                        transformer.numLayers(),
                        transformer.innerDim());
    }

    private static String positions(TransformerConfig transformer) {
        if (!transformer.useRotaryPositionalEmbeddings()) {
            return "3D sin-cos";
        }
        return transformer.useLearnedPositionalEmbeddings() ? "rotary + learned" : "rotary";
    }
}
