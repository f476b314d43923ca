package io.text2video.common.model;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * A LoRA to draw with.
 *
 * @param id the name that the model's {@link ModelCard} lists it by: its file's, without the ending
 * @param scale how strongly it counts; 0 leaves the model as it is; null for what its {@link LoraRecipe} says, or 1
 */
public record LoraScale(
        @NotNull
                @Size(max = LoraScale.LONGEST_ID)
                @Pattern(
                        regexp = LoraScale.ID,
                        message = "must be a file's name without its ending: no slash, backslash or control character")
                String id,
        @DecimalMin(value = "-10", message = "must be greater than or equal to {value}")
                @DecimalMax(value = "10", message = "must be less than or equal to {value}")
                Double scale) {
    /** Characters of an id, at most. */
    public static final int LONGEST_ID = 256;

    /** What an id may be: any file's name, in any script, but for what would break a line or name another folder. */
    public static final String ID = "[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029/\\\\]+";

    /** The same, with a scale. */
    public LoraScale orRecipe(LoraRecipe recipe) {
        if (scale != null) {
            return this;
        }
        return new LoraScale(id, recipe == null || recipe.scale() == null ? 1.0 : recipe.scale());
    }
}
