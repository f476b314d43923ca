package io.text2video.common.model;

import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;

/**
 * What a generation takes on a worker, as the worker has measured it, so that whoever knows no network can reckon it:
 *
 * <pre>
 *   seconds = passes · text_seconds
 *           + steps · (step_seconds + passes · (n · token_seconds + n² · token_pair_seconds))
 *           + height · width · decoded · pixel_seconds
 *
 *   passes  = 2 under guidance (guidance_scale above 1), else 1
 *   latents = (num_frames - 1) / frame_multiple + 1
 *   n       = text_tokens + ⌈latents / patch_frames⌉ · height / size_multiple · width / size_multiple
 *   decoded = num_frames where latents is odd, else latents · frame_multiple
 * </pre>
 *
 * <p>with {@code frame_multiple} and {@code size_multiple} of {@link ModelLimits}. Every step counts as computed, also where
 * some are reused. Loading the model, H.264 beside the decoding and storing the video are not in it.
 *
 * @param textTokens of a prompt, pads included
 * @param patchFrames latent frames a patch
 * @param textSeconds of encoding a prompt
 * @param stepSeconds of a step, whatever its size
 * @param tokenSeconds of each token in a step: the linears
 * @param tokenPairSeconds of each pair of tokens in a step: attention
 * @param pixelSeconds of decoding a pixel of a frame
 */
public record ModelCost(
        @Min(0) int textTokens,
        @Min(1) int patchFrames,
        @DecimalMin("0") double textSeconds,
        @DecimalMin("0") double stepSeconds,
        @DecimalMin("0") double tokenSeconds,
        @DecimalMin("0") double tokenPairSeconds,
        @DecimalMin("0") double pixelSeconds) {

    /**
     * Checks that a generation is done in the time that a job may take.
     *
     * @throws GenerationTooLargeException when it would take longer; the message says how long, and what fits
     */
    public void check(GenerationSize size, ModelDefaults defaults, ModelLimits limits) {
        if (limits.maxJobSeconds() != null) {
            new JobTime(this, defaults, limits, limits.maxJobSeconds()).check(size);
        }
    }

    /** Seconds of the whole generation. */
    public double seconds(GenerationSize size, ModelLimits limits) {
        return textSeconds(size) + denoisingSeconds(size, limits) + decodingSeconds(size, limits);
    }

    /** Seconds of encoding its prompts. */
    public double textSeconds(GenerationSize size) {
        return size.passes() * textSeconds;
    }

    /** Seconds of all its steps. */
    public double denoisingSeconds(GenerationSize size, ModelLimits limits) {
        double tokens = tokens(size, limits);
        double pass = tokens * tokenSeconds + tokens * tokens * tokenPairSeconds;
        return size.numInferenceSteps() * (stepSeconds + size.passes() * pass);
    }

    /** Seconds of decoding its frames. */
    public double decodingSeconds(GenerationSize size, ModelLimits limits) {
        int latents = latents(size, limits);
        double frames = latents % 2 == 1 ? size.numFrames() : (double) latents * limits.frameMultiple();
        return (double) size.height() * size.width() * frames * pixelSeconds;
    }

    /** The same, with each stage so many times as long. */
    public ModelCost scaled(double text, double denoising, double decoding) {
        return new ModelCost(
                textTokens,
                patchFrames,
                text * textSeconds,
                denoising * stepSeconds,
                denoising * tokenSeconds,
                denoising * tokenPairSeconds,
                decoding * pixelSeconds);
    }

    private double tokens(GenerationSize size, ModelLimits limits) {
        double patches = Math.ceil((double) latents(size, limits) / patchFrames);
        return textTokens
                + patches
                        * ((double) size.height() / limits.sizeMultiple())
                        * ((double) size.width() / limits.sizeMultiple());
    }

    private static int latents(GenerationSize size, ModelLimits limits) {
        return (size.numFrames() - 1) / limits.frameMultiple() + 1;
    }
}
