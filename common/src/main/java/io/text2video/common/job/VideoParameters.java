package io.text2video.common.job;

import io.text2video.common.model.GenerationSize;
import io.text2video.common.model.LoraScale;
import io.text2video.common.model.ModelDefaults;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * How to draw a video, in diffusers' words. Every value may be null: the worker then takes its model's own. The limits
 * here are what no model can serve; what one model can serve, its worker knows.
 *
 * @param numInferenceSteps denoising steps
 * @param guidanceScale classifier-free guidance
 * @param useDynamicCfg whether guidance grows over the steps
 * @param eta taken for the sake of diffusers' callers; its CogVideoX schedulers make no use of it, nor does the fleet
 * @param cacheThreshold up to what change of a step, as a part of what it is compared with, the transformer's last
 *     computed work is used again; 0, as left out, computes every step
 * @param height pixels
 * @param width pixels
 * @param numFrames frames of the finished video
 * @param fps frames per second of the finished video
 * @param seed of the first latents; null for one of the worker's choice, which the finished job then tells
 * @param loras to draw with
 */
public record VideoParameters(
        @Size(max = VideoRequest.MAX_PROMPT) String negativePrompt,
        @Min(1) @Max(1000) Integer numInferenceSteps,
        @DecimalMin(value = "0", message = "must be greater than or equal to {value}")
                @DecimalMax(value = "100", message = "must be less than or equal to {value}")
                Double guidanceScale,
        Boolean useDynamicCfg,
        @DecimalMin(value = "0", message = "must be greater than or equal to {value}")
                @DecimalMax(value = "1", message = "must be less than or equal to {value}")
                Double eta,
        @DecimalMin(value = "0", message = "must be from 0 (every step is computed) to 1")
                @DecimalMax(value = "1", message = "must be from 0 (every step is computed) to 1")
                Double cacheThreshold,
        @Min(16) @Max(4096) Integer height,
        @Min(16) @Max(4096) Integer width,
        @Min(1) @Max(1024) Integer numFrames,
        @Min(1) @Max(120) Integer fps,
        @Min(0) Long seed,
        @Size(max = 8) List<@Valid @NotNull LoraScale> loras) {

    /** Leaves everything to the model. */
    public static final VideoParameters DEFAULTS =
            new VideoParameters(null, null, null, null, null, null, null, null, null, null, null, null);

    public VideoParameters {
        // Validation names the one that is null.
        loras = loras == null ? null : Collections.unmodifiableList(new ArrayList<>(loras));
    }

    /** What decides how long the video takes, with the model's own where nothing is said. */
    public GenerationSize size(ModelDefaults defaults) {
        return new GenerationSize(
                Objects.requireNonNullElse(height, defaults.height()),
                Objects.requireNonNullElse(width, defaults.width()),
                Objects.requireNonNullElse(numFrames, defaults.numFrames()),
                Objects.requireNonNullElse(numInferenceSteps, defaults.numInferenceSteps()),
                Objects.requireNonNullElse(guidanceScale, defaults.guidanceScale()));
    }
}
