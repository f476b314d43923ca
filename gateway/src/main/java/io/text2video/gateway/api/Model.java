package io.text2video.gateway.api;

import io.text2video.common.model.LoraRecipe;
import io.text2video.common.model.ModelCard;
import io.text2video.common.model.ModelCost;
import io.text2video.common.model.ModelDefaults;
import io.text2video.common.model.ModelLimits;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A model as people see it. */
@Schema(description = "A model that the fleet has, and what it can be asked for")
record Model(
        @Schema(description = "What a request names it by", examples = "THUDM/CogVideoX-2b") String id,
        @Schema(description = "Always \"model\"", examples = "model") String object,
        @Schema(description = "Unix seconds: when a worker last announced it") long created,
        @Schema(description = "Always \"text2video\"", examples = "text2video") String ownedBy,
        @Schema(description = "diffusers' pipeline class", examples = "CogVideoXPipeline") String pipeline,
        @Schema(description = "Whether a request that names no model gets it") boolean preferred,
        @Schema(description = "What a request gets where it is silent") ModelDefaults defaults,
        @Schema(description = "What a request may ask for") ModelLimits limits,
        @Schema(
                        nullable = true,
                        description =
                                "What a generation takes on the worker that announced it last: the coefficients of"
                                        + " seconds = passes·text_seconds + steps·(step_seconds + passes·(n·token_seconds +"
                                        + " n²·token_pair_seconds)) + height·width·frames·pixel_seconds, for n tokens. Null where it"
                                        + " has not measured it")
                ModelCost cost,
        @Schema(description = "The limits in words, by the field that each is for") Map<String, String> rules,
        @Schema(description = "Ids of the LoRAs that a request may name") List<String> loras,
        @Schema(
                        description =
                                "By the LoRA's id: what a request that names it gets where it is silent, of those that"
                                        + " have a recipe")
                Map<String, LoraRecipe> loraRecipes,
        @Schema(description = "Whether a request may have its prompt enhanced") boolean enhancesPrompts) {

    static Model of(ModelCard card, boolean preferred) {
        return new Model(
                card.id(),
                "model",
                card.announcedAt().getEpochSecond(),
                "text2video",
                card.pipeline(),
                preferred,
                card.defaults(),
                card.limits(),
                card.cost(),
                card.limits().rules(),
                card.loras(),
                card.loraRecipes(),
                card.enhancesPrompts());
    }
}
