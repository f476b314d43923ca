package io.text2video.worker.pipeline;

import io.text2video.worker.config.SchedulerConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.model.AutoencoderKLCogVideoX;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a model's parameters must be.
 *
 * @param sizeMultiple pixels that height and width count in: a latent pixel's side times a patch's
 * @param frameMultiple frames beyond the first come in these: what the decoder makes of one full chunk. A last chunk
 *     that is not full would give frames more than were asked for, in the reference too
 * @param mostSteps training timesteps of the scheduler
 */
record GenerationRules(int sizeMultiple, int frameMultiple, int mostSteps) {
    /**
     * Derives the rules from a checkpoint's configs.
     *
     * @throws IOException when one is missing or malformed
     */
    static GenerationRules read(Path modelDirectory) throws IOException {
        VaeConfig vae = VaeConfig.read(modelDirectory);
        return new GenerationRules(
                vae.spatialCompressionRatio()
                        * TransformerConfig.read(modelDirectory).patchSize(),
                vae.temporalCompressionRatio() * AutoencoderKLCogVideoX.LATENT_FRAMES_PER_CHUNK,
                SchedulerConfig.read(modelDirectory).numTrainTimesteps());
    }

    /**
     * Checks one call.
     *
     * @throws InvalidGenerationException naming the first parameter that breaks a rule
     */
    void check(GenerationParameters parameters) {
        if (parameters.prompt() == null || parameters.negativePrompt() == null) {
            String field = parameters.prompt() == null ? "prompt" : "negative_prompt";
            throw new InvalidGenerationException(field, field + " is missing; it may be empty");
        }
        int steps = parameters.numInferenceSteps();
        if (steps < 1 || steps > mostSteps) {
            throw new InvalidGenerationException(
                    "num_inference_steps",
                    "num_inference_steps is %d, but must be from 1 to %d; the nearest is %d"
                            .formatted(steps, mostSteps, steps < 1 ? 1 : mostSteps));
        }
        double guidance = parameters.guidanceScale();
        if (!(guidance >= 0 && guidance <= Float.MAX_VALUE)) {
            throw new InvalidGenerationException(
                    "guidance_scale",
                    "guidance_scale is %s, but must be finite and at least 0; 1 or less runs without guidance"
                            .formatted(guidance));
        }
        checkCounted("height", parameters.height(), sizeMultiple, 0);
        checkCounted("width", parameters.width(), sizeMultiple, 0);
        checkCounted("num_frames", parameters.numFrames(), frameMultiple, 1);
        if (parameters.fps() < 1) {
            throw new InvalidGenerationException(
                    "fps", "fps is %d, but must be at least 1".formatted(parameters.fps()));
        }
        checkVolume(parameters);
    }

    /** The value must be a multiple plus the offset, and positive. */
    private static void checkCounted(String field, int value, int multiple, int offset) {
        int least = offset == 0 ? multiple : offset;
        if (value >= least && (value - offset) % multiple == 0) {
            return;
        }
        String rule = offset == 0
                ? "a positive multiple of " + multiple
                : "a multiple of %d plus %d".formatted(multiple, offset);
        long below = (long) Math.floorDiv((long) value - offset, multiple) * multiple + offset;
        String nearest = value < least
                ? "the nearest is " + least
                : "the nearest are %d and %d".formatted(below, below + multiple);
        throw new InvalidGenerationException(
                field, "%s is %d, but must be %s; %s".formatted(field, value, rule, nearest));
    }

    /** A video's bytes travel in one array. */
    private static void checkVolume(GenerationParameters parameters) {
        long perFrame = 3L * parameters.height() * parameters.width();
        if (perFrame > Integer.MAX_VALUE / parameters.numFrames()) {
            throw new InvalidGenerationException(
                    "num_frames",
                    "%d frames of %dx%d are more than the %d bytes of RGB that one video may have; ask for fewer or smaller"
                            .formatted(
                                    parameters.numFrames(),
                                    parameters.width(),
                                    parameters.height(),
                                    Integer.MAX_VALUE));
        }
    }
}
