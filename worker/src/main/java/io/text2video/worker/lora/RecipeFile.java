package io.text2video.worker.lora;

import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.LoraRecipe;
import io.text2video.common.model.Timesteps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a LoRA was trained to be drawn with: {@code NAME.json} beside {@code NAME.safetensors}, where it has one. */
public final class RecipeFile {
    private RecipeFile() {}

    /** Where a LoRA's is, if it has one. */
    public static Path of(Path lora) {
        return lora.resolveSibling(lora.getFileName().toString().replaceFirst("\\.safetensors$", "") + ".json");
    }

    /**
     * Reads those of LoRAs that have one.
     *
     * @param loras id to file
     * @return id to recipe
     * @throws IOException naming a recipe that cannot be read, or says what no model takes
     */
    public static Map<String, LoraRecipe> read(Map<String, Path> loras) throws IOException {
        Map<String, LoraRecipe> recipes = new TreeMap<>();
        for (Map.Entry<String, Path> lora : loras.entrySet()) {
            Path file = of(lora.getValue());
            if (Files.exists(file)) {
                recipes.put(lora.getKey(), read(file));
            }
        }
        return recipes;
    }

    private static LoraRecipe read(Path file) throws IOException {
        LoraRecipe recipe;
        try {
            recipe = JsonCodec.readStrictly(Files.readAllBytes(file), LoraRecipe.class);
        } catch (InvalidMessageException e) {
            throw unusable(file, e.getMessage());
        }
        Optional<Timesteps.Fault> fault = Timesteps.fault(recipe.timesteps(), null);
        if (fault.isPresent()) {
            throw unusable(file, fault.get().field() + " " + fault.get().reason());
        }
        return recipe;
    }

    private static IOException unusable(Path file, String reason) {
        return new IOException("the LoRA's recipe %s cannot be used: %s".formatted(file, reason));
    }
}
