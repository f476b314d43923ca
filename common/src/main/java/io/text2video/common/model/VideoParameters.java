package io.text2video.common.model;

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
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

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
 * @param timesteps the training timesteps that the steps start from, the noisiest first; null for those that the model's
 *     scheduler spaces
 * @param enhancePrompt whether a language model is to write the prompt out first, where the fleet has one; where that fails,
 *     the prompt is drawn as it is
 * @param enhancePromptRequired the same, but where that fails, the job does
 * @param embedRecipe whether the file is to tell how it was drawn; null for what the worker does by itself
 */
@ValidTimesteps
public record VideoParameters(
        @Size(max = VideoParameters.MAX_PROMPT) String negativePrompt,
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
        @Size(max = 8) List<@Valid @NotNull LoraScale> loras,
        @Size(min = 1, max = 1000) List<@NotNull @Min(0) @Max(999) Integer> timesteps,
        Boolean enhancePrompt,
        Boolean enhancePromptRequired,
        Boolean embedRecipe) {

    /** Characters of a prompt. The model reads its first 226 tokens. */
    public static final int MAX_PROMPT = 32_000;

    /** Leaves everything to the model. */
    public static final VideoParameters DEFAULTS =
            new VideoParameters(null, null, null, null, null, null, null, null, null, null, null, null, null);

    public VideoParameters {
        // Validation names the one that is null.
        loras = loras == null ? null : Collections.unmodifiableList(new ArrayList<>(loras));
        timesteps = timesteps == null ? null : Collections.unmodifiableList(new ArrayList<>(timesteps));
    }

    /** Of a prompt that is drawn as it is, in a file of the worker's kind. */
    public VideoParameters(
            String negativePrompt,
            Integer numInferenceSteps,
            Double guidanceScale,
            Boolean useDynamicCfg,
            Double eta,
            Double cacheThreshold,
            Integer height,
            Integer width,
            Integer numFrames,
            Integer fps,
            Long seed,
            List<LoraScale> loras,
            List<Integer> timesteps) {
        this(
                negativePrompt,
                numInferenceSteps,
                guidanceScale,
                useDynamicCfg,
                eta,
                cacheThreshold,
                height,
                width,
                numFrames,
                fps,
                seed,
                loras,
                timesteps,
                null,
                null,
                null);
    }

    /** Whether the prompt is to be enhanced, in whichever way. */
    public boolean wantsEnhancement() {
        return Boolean.TRUE.equals(enhancePrompt) || Boolean.TRUE.equals(enhancePromptRequired);
    }

    /**
     * The same, with what the recipes of its LoRAs say where it is silent: each LoRA's own scale, and timesteps and guidance of
     * the first LoRA that has a say in them. Whoever asks for a number of steps gets them as the scheduler spaces them.
     *
     * @param recipes by the LoRA's id
     */
    public VideoParameters with(Map<String, LoraRecipe> recipes) {
        if (loras == null) {
            return this;
        }
        List<LoraRecipe> own = loras.stream()
                .map(lora -> recipes.get(lora.id()))
                .filter(Objects::nonNull)
                .toList();
        return new VideoParameters(
                negativePrompt,
                numInferenceSteps,
                guidanceScale == null ? first(own, LoraRecipe::guidanceScale) : guidanceScale,
                useDynamicCfg,
                eta,
                cacheThreshold,
                height,
                width,
                numFrames,
                fps,
                seed,
                loras.stream()
                        .map(lora -> lora.orRecipe(recipes.get(lora.id())))
                        .toList(),
                timesteps == null && numInferenceSteps == null ? first(own, LoraRecipe::timesteps) : timesteps,
                enhancePrompt,
                enhancePromptRequired,
                embedRecipe);
    }

    private static <T> T first(List<LoraRecipe> recipes, Function<LoraRecipe, T> value) {
        return recipes.stream().map(value).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** How many denoising steps there are: as many as timesteps, where there are such. */
    public int steps(ModelDefaults defaults) {
        return timesteps == null
                ? Objects.requireNonNullElse(numInferenceSteps, defaults.numInferenceSteps())
                : timesteps.size();
    }

    /** What decides how long the video takes, with the model's own where nothing is said. */
    public GenerationSize size(ModelDefaults defaults) {
        return new GenerationSize(
                Objects.requireNonNullElse(height, defaults.height()),
                Objects.requireNonNullElse(width, defaults.width()),
                Objects.requireNonNullElse(numFrames, defaults.numFrames()),
                steps(defaults),
                Objects.requireNonNullElse(guidanceScale, defaults.guidanceScale()));
    }
}
