package io.text2video.worker.pipeline;

import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.ModelLimits;
import io.text2video.common.model.Strength;
import io.text2video.worker.config.ModelIndex;
import io.text2video.worker.config.SchedulerConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;

/** What a model's parameters must be: its limits, and what holds for any model. */
public final class GenerationRules {
    /** The contract's own ends of every range: of a side, and of frames. */
    private static final int MOST_PIXELS = 4096;

    static final int MOST_FRAMES = 1024;

    private GenerationRules() {}

    /** Derives a model's limits from its checkpoint's configs. */
    public static ModelLimits limits(
            ModelIndex index, TransformerConfig transformer, VaeConfig vae, SchedulerConfig scheduler) {
        int ratio = vae.spatialCompressionRatio();
        int multiple = ratio * transformer.patchSize();
        int height = transformer.sampleHeight() * ratio;
        int width = transformer.sampleWidth() * ratio;
        // Learned positions are of one grid, and a slice is at most as large as the grid that it is cut from.
        boolean oneSize = transformer.useLearnedPositionalEmbeddings();
        boolean sliced = transformer.useRotaryPositionalEmbeddings() && transformer.patchSizeT() != null;
        return new ModelLimits(
                multiple,
                oneSize ? height : multiple,
                oneSize || sliced ? Math.min(height, MOST_PIXELS) : MOST_PIXELS,
                oneSize ? width : multiple,
                oneSize || sliced ? Math.min(width, MOST_PIXELS) : MOST_PIXELS,
                MOST_PIXELS * MOST_PIXELS,
                vae.temporalCompressionRatio(),
                MOST_FRAMES,
                scheduler.numTrainTimesteps(),
                index.imageToVideo(),
                null,
                null,
                index.funControl());
    }

    /**
     * Checks one call.
     *
     * @throws InvalidGenerationException naming the first parameter that breaks a rule
     */
    static void check(GenerationParameters parameters, ModelLimits limits) {
        if (parameters.prompt() == null || parameters.negativePrompt() == null) {
            String field = parameters.prompt() == null ? "prompt" : "negative_prompt";
            throw new InvalidGenerationException(field, field + " is missing; it may be empty");
        }
        if (parameters.video() != null) {
            limits.checkVideo();
        }
        limits.check(parameters.height(), parameters.width(), parameters.numFrames(), parameters.numInferenceSteps());
        limits.checkTimesteps(parameters.timesteps(), parameters.numInferenceSteps());
        checkVideo(parameters);
        limits.checkImage(parameters.image() != null);
        double guidance = parameters.guidanceScale();
        if (!(guidance >= 0 && guidance <= Float.MAX_VALUE)) {
            throw new InvalidGenerationException(
                    "guidance_scale",
                    "guidance_scale is %s, but must be finite and at least 0; 1 or less runs without guidance"
                            .formatted(guidance));
        }
        if (!(parameters.eta() >= 0 && parameters.eta() <= 1)) {
            throw new InvalidGenerationException(
                    "eta", "eta is %s, but must be from 0 to 1".formatted(parameters.eta()));
        }
        double threshold = parameters.cacheThreshold();
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new InvalidGenerationException(
                    "cache_threshold",
                    "cache_threshold is %s, but must be from 0 (every step is computed) to 1".formatted(threshold));
        }
        if (parameters.fps() < 1) {
            throw new InvalidGenerationException(
                    "fps", "fps is %d, but must be at least 1".formatted(parameters.fps()));
        }
    }

    private static void checkVideo(GenerationParameters parameters) {
        SourceVideo video = parameters.video();
        if (video == null) {
            return;
        }
        if (parameters.image() != null) {
            throw new InvalidGenerationException(
                    "video", "video and image exclude each other: a video is made from one of them");
        }
        Strength.check(video.strength(), parameters.numInferenceSteps());
    }

    /**
     * Checks that a video that is made from another one, or along one, fills whole patches: what is there to fill them up has
     * no frame in the other one.
     *
     * @param frameRatio video frames a latent frame
     * @param patchFrames latent frames that a patch covers
     * @throws InvalidGenerationException naming the nearest numbers of frames that do
     */
    static void checkPatches(GenerationParameters parameters, int frameRatio, int patchFrames) {
        int frames = (parameters.numFrames() - 1) / frameRatio + 1;
        boolean alone = parameters.video() == null && parameters.control() == null;
        if (alone || frames % patchFrames == 0) {
            return;
        }
        int below = frames / patchFrames * patchFrames;
        String above = Integer.toString((below + patchFrames - 1) * frameRatio + 1);
        throw new InvalidGenerationException(
                "num_frames",
                "num_frames is %d, but a video is made from another one by %d latent frames at a time, and it has %d; the nearest %s"
                        .formatted(
                                parameters.numFrames(),
                                patchFrames,
                                frames,
                                below == 0
                                        ? "is " + above
                                        : "are %d and %s".formatted((below - 1) * frameRatio + 1, above)));
    }
}
