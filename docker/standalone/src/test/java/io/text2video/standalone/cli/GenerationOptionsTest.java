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
                .isEqualTo(Map.of("loras", List.of(new LoraScale("ink", 1.0), new LoraScale("sketch.v2", 0.5))));
        assertThat(options.resolve("a ball", DEFAULTS).loras())
                .containsExactly(new LoraScale("ink", 1.0), new LoraScale("sketch.v2", 0.5));
    }

    @Test
    void shouldComputeEveryStepUnlessAThresholdIsGiven() throws IOException {
        assertThat(parse().resolve("a ball", DEFAULTS).cacheThreshold()).isZero();
        GenerationOptions options = parse("--cache-threshold", "0.15");

        assertThat(options.asRequest()).isEqualTo(Map.of("cache_threshold", 0.15));
        assertThat(options.resolve("a ball", DEFAULTS).cacheThreshold()).isEqualTo(0.15);
    }

    @Test
    void shouldNameAFileByItsName() {
        GenerationOptions options = parse("--lora", "styles/ink.v2.safetensors:-0.25", "--lora", "sketch");

        assertThat(options.loras)
                .extracting(LoraArgument::lora)
                .containsExactly(new LoraScale("ink.v2", -0.25), new LoraScale("sketch", 1.0));
        assertThat(options.loraFiles()).isEqualTo(Map.of("ink.v2", Path.of("styles", "ink.v2.safetensors")));
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
