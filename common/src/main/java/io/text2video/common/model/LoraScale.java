package io.text2video.common.model;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * A LoRA to draw with.
 *
 * @param id the name that the model's {@link ModelCard} lists it by
 * @param scale how strongly it counts, 1 unless said; 0 leaves the model as it is
 */
public record LoraScale(
        @NotNull
                @Size(max = 256)
                @Pattern(
                        regexp = "[A-Za-z0-9][A-Za-z0-9._-]*",
                        message = "must hold only letters, digits, '.', '_' and '-'")
                String id,
        @DecimalMin(value = "-10", message = "must be greater than or equal to {value}")
                @DecimalMax(value = "10", message = "must be less than or equal to {value}")
                Double scale) {
    public LoraScale {
        scale = scale == null ? 1.0 : scale;
    }
}
