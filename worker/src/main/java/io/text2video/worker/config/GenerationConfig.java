package io.text2video.worker.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a model is best asked for when a request leaves it open: the checkpoint's {@code generation_config.json}, where
 * it ships one, over what its kind was published with.
 *
 * @param useDynamicCfg whether guidance grows over the steps, as all models since 5b were published to be run but those that
 *     draw along a control video
 * @param height of the video, in pixels
 * @param width of the video, in pixels
 * @param numFrames frames of the video
 * @param fps frames a second of the video
 */
public record GenerationConfig(
        int numInferenceSteps,
        double guidanceScale,
        boolean useDynamicCfg,
        int height,
        int width,
        int numFrames,
        int fps) {
    public static final String FILE_NAME = "generation_config.json";

    /** CogVideoX 1.5 ships 300×300 latents, the grid its positions are cut from and not a size it was trained at. */
    private static final int POSITION_GRID_OF_1_5 = 300;

    public GenerationConfig {
        Check.size("num_inference_steps", numInferenceSteps);
        // Below 1 there is no guidance and at 0 no prompt; neither is an error.
        if (!(guidanceScale >= 0 && guidanceScale <= Double.MAX_VALUE)) {
            throw new InvalidSettingException("guidance_scale", guidanceScale, "must be finite and not negative");
        }
        Check.size("height", height);
        Check.size("width", width);
        Check.size("num_frames", numFrames);
        Check.size("fps", fps);
    }

    /**
     * Defaults of diffusers' pipeline for these networks; the frame rate is the model cards'.
     *
     * @param control whether they draw along a control video
     */
    public static GenerationConfig published(TransformerConfig transformer, VaeConfig vae, boolean control) {
        boolean dynamic = transformer.useRotaryPositionalEmbeddings() && !control;
        int fps = transformer.patchSizeT() == null ? 8 : 16;
        if (transformer.patchSizeT() != null && transformer.sampleHeight() == POSITION_GRID_OF_1_5) {
            return new GenerationConfig(50, 6, dynamic, 768, 1360, transformer.sampleFrames(), fps);
        }
        int ratio = vae.spatialCompressionRatio();
        return new GenerationConfig(
                50,
                6,
                dynamic,
                transformer.sampleHeight() * ratio,
                transformer.sampleWidth() * ratio,
                transformer.sampleFrames(),
                fps);
    }

    /**
     * Reads the defaults of a checkpoint that needs no control video.
     *
     * @throws InvalidCheckpointException when a config that this derives from is malformed
     * @throws IOException when a file cannot be read
     */
    public static GenerationConfig read(Path modelDirectory) throws IOException {
        return read(modelDirectory, TransformerConfig.read(modelDirectory), VaeConfig.read(modelDirectory), false);
    }

    /**
     * The same, of a checkpoint two of whose configs are read already.
     *
     * @param control whether it draws along a control video
     */
    public static GenerationConfig read(
            Path modelDirectory, TransformerConfig transformer, VaeConfig vae, boolean control) throws IOException {
        GenerationConfig published;
        try {
            published = published(transformer, vae, control);
        } catch (InvalidSettingException e) {
            Path config = modelDirectory.resolve(TransformerConfig.FOLDER).resolve("config.json");
            throw new InvalidCheckpointException(config, e.field, e.value, e.reason + " in pixels");
        }
        Path file = modelDirectory.resolve(FILE_NAME);
        return Files.exists(file) ? ConfigFile.open(file).over(published) : published;
    }
}
