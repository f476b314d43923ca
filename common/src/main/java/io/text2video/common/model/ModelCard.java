package io.text2video.common.model;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A model that the fleet has: the message on the compacted {@code video.models}, keyed by the model's id and written by
 * every worker that serves it, when it becomes ready.
 *
 * @param version of this record's shape; fields are only ever added
 * @param id what requests name the model by
 * @param pipeline diffusers' pipeline class
 * @param topic where its workers take their jobs from
 * @param preferred whether a request on that topic that names no model gets this one
 * @param defaults what a request gets where it is silent
 * @param limits what a request may ask for
 * @param cost how long what is asked for takes on the worker that said so; null where it has not measured it
 * @param loras ids of the LoRAs that requests may name
 * @param loraRecipes by the LoRA's id, what it was trained to be drawn with; of those that have one
 * @param enhancesPrompts whether its workers have a language model to write prompts out with
 * @param announcedAt when a worker last said so
 */
public record ModelCard(
        @Min(1) int version,
        @NotBlank String id,
        @NotBlank String pipeline,
        @NotBlank String topic,
        boolean preferred,
        @Valid @NotNull ModelDefaults defaults,
        @Valid @NotNull ModelLimits limits,
        @Valid ModelCost cost,
        List<String> loras,
        Map<String, @Valid LoraRecipe> loraRecipes,
        boolean enhancesPrompts,
        @NotNull Instant announcedAt) {
    public static final int VERSION = 1;

    public ModelCard {
        version = version == 0 ? VERSION : version;
        loras = List.copyOf(Objects.requireNonNullElse(loras, List.of()));
        loraRecipes = Map.copyOf(Objects.requireNonNullElse(loraRecipes, Map.of()));
    }
}
