package io.text2video.common.model;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * What a LoRA was trained to be drawn with: {@code NAME.json} beside {@code NAME.safetensors}. It counts for jobs that name the
 * LoRA, where they are silent. Each value may be null.
 *
 * @param timesteps the training timesteps that the steps start from, strictly falling
 * @param guidanceScale classifier-free guidance
 * @param scale how strongly the LoRA counts
 */
public record LoraRecipe(
        @Size(min = 1, max = 1000) List<@NotNull @Min(0) @Max(999) Integer> timesteps,
        @DecimalMin(value = "0", message = "must be greater than or equal to {value}")
                @DecimalMax(value = "100", message = "must be less than or equal to {value}")
                Double guidanceScale,
        @DecimalMin(value = "-10", message = "must be greater than or equal to {value}")
                @DecimalMax(value = "10", message = "must be less than or equal to {value}")
                Double scale) {}
