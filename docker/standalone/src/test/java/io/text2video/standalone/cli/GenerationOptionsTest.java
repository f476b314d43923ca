package io.text2video.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.model.LoraScale;
import io.text2video.common.model.ModelDefaults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class GenerationOptionsTest {
    private static final ModelDefaults DEFAULTS = new ModelDefaults(4, 6, false, 64, 64, 17, 8);

    @Test
    void shouldLeaveOutOfTheRequestWhatWasNotGiven() throws IOException {
        assertThat(parse().asRequest()).isEmpty();
    }

    @Test
    void shouldNameLorasWithTheirScales() throws IOException {
        GenerationOptions options = parse("--lora", "ink", "--lora", "sketch.v2:0.5");

        assertThat(options.asRequest())
                .isEqualTo(Map.of("loras", List.of(new LoraScale("ink", null), new LoraScale("sketch.v2", 0.5))));
        assertThat(options.resolve("a ball", DEFAULTS, Map.of()).loras())
                .containsExactly(new LoraScale("ink", 1.0), new LoraScale("sketch.v2", 0.5));
    }

    @Test
    void shouldComputeEveryStepUnlessAThresholdIsGiven() throws IOException {
        assertThat(parse().resolve("a ball", DEFAULTS, Map.of()).cacheThreshold())
                .isZero();
        GenerationOptions options = parse("--cache-threshold", "0.15");

        assertThat(options.asRequest()).isEqualTo(Map.of("cache_threshold", 0.15));
        assertThat(options.resolve("a ball", DEFAULTS, Map.of()).cacheThreshold())
                .isEqualTo(0.15);
    }

    @Test
    void shouldTakeAStepForEachTimestep() throws IOException {
        GenerationOptions options = parse("--timesteps", "999,856,665,399");

        assertThat(options.asRequest()).isEqualTo(Map.of("timesteps", List.of(999, 856, 665, 399)));
        assertThat(options.resolve("a ball", DEFAULTS, Map.of()).timesteps()).containsExactly(999, 856, 665, 399);
        assertThat(options.resolve("a ball", DEFAULTS, Map.of()).numInferenceSteps())
                .isEqualTo(4);
    }

    @Test
    void shouldNameAFileByItsName() {
        GenerationOptions options = parse("--lora", "styles/ink.v2.safetensors:-0.25", "--lora", "sketch");

        assertThat(options.loras)
                .extracting(LoraArgument::lora)
                .containsExactly(new LoraScale("ink.v2", -0.25), new LoraScale("sketch", null));
        assertThat(options.loraFiles()).isEqualTo(Map.of("ink.v2", Path.of("styles", "ink.v2.safetensors")));
    }

    @Test
    void shouldTellFilesOfOneNameApart() throws IOException {
        // Given the name that diffusers gives every LoRA it saves, and one that the fleet has
        GenerationOptions options = parse(
                "--lora", "rain/pytorch_lora_weights.safetensors",
                "--lora", "snow/pytorch_lora_weights.safetensors:0.5",
                "--lora", "fog/ink.safetensors",
                "--lora", "ink:2");

        // When
        Map<String, Path> files = options.loraFiles();

        // Then
        assertThat(files)
                .isEqualTo(Map.of(
                        "pytorch_lora_weights", Path.of("rain", "pytorch_lora_weights.safetensors"),
                        "pytorch_lora_weights-2", Path.of("snow", "pytorch_lora_weights.safetensors"),
                        "ink-2", Path.of("fog", "ink.safetensors")));
        assertThat(options.asRequest().get("loras"))
                .isEqualTo(List.of(
                        new LoraScale("pytorch_lora_weights", null),
                        new LoraScale("pytorch_lora_weights-2", 0.5),
                        new LoraScale("ink-2", null),
                        new LoraScale("ink", 2.0)));
        assertThat(options.resolve("a ball", DEFAULTS, Map.of()).loras())
                .containsExactly(
                        new LoraScale("pytorch_lora_weights", 1.0),
                        new LoraScale("pytorch_lora_weights-2", 0.5),
                        new LoraScale("ink-2", 1.0),
                        new LoraScale("ink", 2.0));
    }

    @Test
    void shouldTakeOneFileForOne() {
        // Given one file twice, which a job refuses
        GenerationOptions options = parse("--lora", "a/ink.safetensors", "--lora", "./a/../a/ink.safetensors:2");

        assertThat(options.loraFiles()).containsOnlyKeys("ink");
    }

    @ParameterizedTest
    @CsvSource({
        "my style (v2) [x].safetensors,    my style (v2) [x],",
        "水墨/风格.safetensors:0.5,         风格,               0.5",
        "ratio 16:9.safetensors,           ratio 16:9,",
        "ratio 16:9.safetensors:-1,        ratio 16:9,        -1",
        "ratio 16:9:1,                     ratio 16:9,        1",
        "my style:1e-1,                    my style,          0.1"
    })
    void shouldTakeAnyFilesName(String argument, String id, Double scale) {
        assertThat(parse("--lora", argument).loras)
                .extracting(LoraArgument::lora)
                .containsExactly(new LoraScale(id, scale));
    }

    @ParameterizedTest
    @ValueSource(strings = {"styles/ink", "ink\nblot", "ink\nblot.safetensors", ":1"})
    void shouldRefuseWhatNoRequestCanSpell(String argument) {
        assertThatThrownBy(() -> parse("--lora", argument)).isInstanceOf(CommandLine.ParameterException.class);
    }

    @Test
    void shouldRefuseAScaleThatIsNoNumber() {
        assertThatThrownBy(() -> parse("--lora", "ink:strong"))
                .isInstanceOf(CommandLine.ParameterException.class)
                .hasMessageContaining("ink:strong");
    }

    private static GenerationOptions parse(String... arguments) {
        var options = new GenerationOptions();
        new CommandLine(new Command(options)).parseArgs(arguments);
        return options;
    }

    @CommandLine.Command
    private record Command(@CommandLine.Mixin GenerationOptions options) {}
}
