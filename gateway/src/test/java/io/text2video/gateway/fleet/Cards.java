package io.text2video.gateway.fleet;

import io.text2video.common.model.LoraRecipe;
import io.text2video.common.model.ModelCard;
import io.text2video.common.model.ModelCost;
import io.text2video.common.model.ModelDefaults;
import io.text2video.common.model.ModelLimits;
import io.text2video.common.topic.Pool;
import java.util.List;
import java.util.Map;

/** The published models, as workers would announce them from their checkpoints' configs. */
public final class Cards {
    public static final Pool LARGE = new Pool("large");
    public static final Pool IMAGE = new Pool("image");

    private static final int MOST = 4096;
    private static final ModelDefaults DEFAULTS = new ModelDefaults(50, 6, false, 480, 720, 49, 8);
    private static final ModelDefaults DEFAULTS_5B = new ModelDefaults(50, 6, true, 480, 720, 49, 8);
    private static final ModelDefaults DEFAULTS_15 = new ModelDefaults(50, 6, true, 768, 1360, 81, 16);

    private static final ModelLimits LIMITS =
            new ModelLimits(16, 16, MOST, 16, MOST, 1_382_400, 4, 193, 1000, false, null, 7200, false);

    public static final ModelCard COGVIDEOX_2B = new ModelCard(
            1,
            "THUDM/CogVideoX-2b",
            "CogVideoXPipeline",
            Pool.DEFAULT.topic(),
            true,
            DEFAULTS,
            LIMITS,
            null,
            List.of("rain", "snow"),
            Map.of(),
            false,
            Jobs.TIME);
    public static final ModelCard COGVIDEOX_5B = card("THUDM/CogVideoX-5b", LARGE, DEFAULTS_5B, LIMITS);
    /** Its learned positions are of one size. */
    public static final ModelCard COGVIDEOX_5B_I2V = card(
            "THUDM/CogVideoX-5b-I2V",
            IMAGE,
            DEFAULTS_5B,
            new ModelLimits(16, 480, 480, 720, 720, 345_600, 4, 193, 1000, true, null, 7200, false));
    /** Draws along a control video. */
    public static final ModelCard FUN_CONTROL = card(
            "alibaba-pai/CogVideoX-Fun-V1.1-5b-Control",
            IMAGE,
            DEFAULTS,
            new ModelLimits(16, 16, MOST, 16, MOST, 1_382_400, 4, 193, 1000, false, null, 7200, true));
    /** Its positions are a slice of a grid. */
    public static final ModelCard COGVIDEOX_15_5B = card(
            "zai-org/CogVideoX1.5-5B",
            LARGE,
            DEFAULTS_15,
            new ModelLimits(16, 16, 2400, 16, 2400, 4_177_920, 4, 321, 1000, false, null, 7200, false));

    /** The one that comes with the fleet. */
    public static final ModelCard TINY = card(
            "cogvideox-tiny",
            Pool.DEFAULT,
            new ModelDefaults(25, 2, false, 64, 64, 17, 8),
            new ModelLimits(16, 16, MOST, 16, MOST, 16_384, 4, 65, 1000, false, null, 7200, false));

    public static final ModelCard COGVIDEOX_15_5B_I2V = card(
            "zai-org/CogVideoX1.5-5B-I2V",
            IMAGE,
            DEFAULTS_15,
            new ModelLimits(16, 16, 2400, 16, 2400, 4_177_920, 4, 321, 1000, true, null, 7200, false));

    public static final List<ModelCard> PUBLISHED =
            List.of(COGVIDEOX_2B, COGVIDEOX_5B, COGVIDEOX_5B_I2V, COGVIDEOX_15_5B, COGVIDEOX_15_5B_I2V);

    private Cards() {}

    /** The same model on a worker with memory for so many pixels of all frames. */
    public static ModelCard inMemoryFor(ModelCard card, long videoPixels) {
        return card(
                card.id(),
                new Pool("small"),
                card.defaults(),
                card.limits().inMemory(card.limits().maxPixels(), videoPixels));
    }

    /** Another model like the 2b, of that pool and not preferred. */
    public static ModelCard like2b(String id, Pool pool) {
        return card(id, pool, COGVIDEOX_2B.defaults(), COGVIDEOX_2B.limits());
    }

    private static ModelCard card(String id, Pool pool, ModelDefaults defaults, ModelLimits limits) {
        String pipeline = limits.imageRequired()
                ? "CogVideoXImageToVideoPipeline"
                : limits.controlRequired() ? "CogVideoXFunControlPipeline" : "CogVideoXPipeline";
        return new ModelCard(
                1, id, pipeline, pool.topic(), false, defaults, limits, null, List.of(), Map.of(), false, Jobs.TIME);
    }

    /** The same, of a worker that has measured what generations take. */
    public static ModelCard with(ModelCost cost, ModelCard card) {
        return with(card, cost, card.loraRecipes(), card.enhancesPrompts());
    }

    /** The same, with a LoRA's recipe. */
    public static ModelCard withRecipe(ModelCard card, String lora, LoraRecipe recipe) {
        return with(card, card.cost(), Map.of(lora, recipe), card.enhancesPrompts());
    }

    /** The same, of workers with a language model. */
    public static ModelCard enhancing(ModelCard card) {
        return with(card, card.cost(), card.loraRecipes(), true);
    }

    private static ModelCard with(
            ModelCard card, ModelCost cost, Map<String, LoraRecipe> recipes, boolean enhancesPrompts) {
        return new ModelCard(
                card.version(),
                card.id(),
                card.pipeline(),
                card.topic(),
                card.preferred(),
                card.defaults(),
                card.limits(),
                cost,
                card.loras(),
                recipes,
                enhancesPrompts,
                card.announcedAt());
    }
}
