package io.text2video.common.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VideoParametersTest {
    private static final ModelDefaults DEFAULTS = new ModelDefaults(50, 6, false, 480, 720, 49, 8);
    private static final Map<String, LoraRecipe> RECIPES = Map.of(
            "turbo",
            new LoraRecipe(List.of(999, 856, 665, 399), 1.0, 0.8),
            "ink",
            new LoraRecipe(List.of(999), 3.0, null),
            "rain",
            new LoraRecipe(null, null, 0.25));

    @Test
    void shouldTakeFromARecipeWhatIsNotSaid() {
        VideoParameters filled = of(null, null, null, lora("turbo", null)).with(RECIPES);

        assertThat(filled).isEqualTo(of(null, 1.0, List.of(999, 856, 665, 399), lora("turbo", 0.8)));
        assertThat(filled.size(DEFAULTS).numInferenceSteps()).isEqualTo(4);
        assertThat(filled.size(DEFAULTS).guidanceScale()).isEqualTo(1);
    }

    @Test
    void shouldKeepWhatIsSaid() {
        VideoParameters said = of(null, 2.0, List.of(700), lora("turbo", 0.5));

        assertThat(said.with(RECIPES)).isEqualTo(said);
    }

    @Test
    void shouldSpaceAsManyStepsEvenlyAsAreAskedFor() {
        VideoParameters filled = of(25, null, null, lora("turbo", null)).with(RECIPES);

        assertThat(filled).isEqualTo(of(25, 1.0, null, lora("turbo", 0.8)));
    }

    @Test
    void shouldGoByTheFirstLoraThatHasASay() {
        VideoParameters filled = of(
                        null,
                        null,
                        null,
                        lora("plain", null),
                        lora("rain", null),
                        lora("turbo", null),
                        lora("ink", null))
                .with(RECIPES);

        assertThat(filled)
                .isEqualTo(of(
                        null,
                        1.0,
                        List.of(999, 856, 665, 399),
                        lora("plain", 1.0),
                        lora("rain", 0.25),
                        lora("turbo", 0.8),
                        lora("ink", 1.0)));
    }

    private static LoraScale lora(String id, Double scale) {
        return new LoraScale(id, scale);
    }

    private static VideoParameters of(Integer steps, Double guidance, List<Integer> timesteps, LoraScale... loras) {
        return new VideoParameters(
                null, steps, guidance, null, null, null, null, null, null, null, null, List.of(loras), timesteps);
    }
}
