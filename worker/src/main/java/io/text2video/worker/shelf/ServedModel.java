package io.text2video.worker.shelf;

import io.text2video.common.model.LoraRecipe;
import io.text2video.common.model.ModelCard;
import io.text2video.common.model.ModelCost;
import io.text2video.worker.pipeline.ModelDescription;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A model that a worker serves, loaded or not.
 *
 * @param id what requests name it by
 * @param directory of its checkpoint
 * @param loras id to file of the LoRAs that it may be drawn with
 * @param recipes of those LoRAs that have one, by id
 * @param enhancesPrompts whether this worker has a language model to write prompts out with
 */
public record ServedModel(
        String id,
        Path directory,
        ModelDescription description,
        Map<String, Path> loras,
        Map<String, LoraRecipe> recipes,
        boolean enhancesPrompts) {
    public ServedModel {
        loras = Map.copyOf(loras);
        recipes = Map.copyOf(recipes);
    }

    /** Of LoRAs without recipes, on a worker without a language model. */
    public ServedModel(String id, Path directory, ModelDescription description, Map<String, Path> loras) {
        this(id, directory, description, loras, Map.of(), false);
    }

    /**
     * What the fleet is told of it.
     *
     * @param cost of its generations on this worker, where that is known
     */
    ModelCard card(String topic, boolean preferred, Optional<ModelCost> cost, Instant now) {
        return new ModelCard(
                ModelCard.VERSION,
                id,
                description.pipelineClass(),
                topic,
                preferred,
                description.defaults(),
                description.limits(),
                cost.orElse(null),
                List.copyOf(new TreeMap<>(loras).keySet()),
                recipes,
                enhancesPrompts,
                now);
    }
}
