package io.text2video.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.model.LoraScale;
import io.text2video.common.model.ModelDefaults;
import io.text2video.worker.pipeline.ComputeType;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.quantization.Quantization;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class DrawingVariantTest {
    private static final ModelDefaults DEFAULTS = new ModelDefaults(4, 6, true, 64, 64, 17, 8);
    private static final String[] NEEDED = {"--prompts", "p.txt", "--against", "dtype=fp32"};

    @Test
    void shouldTakeTwoDevicesForOneValue() {
        DrawingVariant variant = parse(List.of("--device", "cpu"), "device=cuda:0,cuda:1,dtype=fp16");

        assertThat(variant.model().pipeline.settings())
                .containsEntry("worker.device", "cuda:0,cuda:1")
                .containsEntry("worker.dtype", "fp16");
    }

    @Test
    void shouldChangeWhatTheVariantSaysAndKeepTheRest() throws IOException {
        // Given
        List<String> common = List.of(
                "--model",
                "m",
                "--steps",
                "9",
                "--vae-tiling",
                "--lora",
                "ink:0.5",
                "--lora",
                "old",
                "--no-dynamic-cfg");

        // When
        DrawingVariant variant = parse(common, "dtype=bf16,cache_threshold=0.1", "num_inference_steps=3,dtype=fp16");

        // Then
        assertThat(variant.name()).isEqualTo("num_inference_steps=3,dtype=fp16");
        assertThat(variant.model().checkpoint.name).isEqualTo("m");
        assertThat(variant.model().pipeline.options().vaeTiling()).isTrue();
        assertThat(variant.model().pipeline.options().computeType()).hasValue(ComputeType.FP16);
        GenerationParameters parameters = variant.generation().resolve("a ball", DEFAULTS, Map.of());
        assertThat(parameters.numInferenceSteps()).isEqualTo(3);
        assertThat(parameters.cacheThreshold()).isEqualTo(0.1);
        assertThat(parameters.useDynamicCfg()).isFalse();
        assertThat(parameters.loras()).containsExactly(new LoraScale("ink", 0.5), new LoraScale("old", 1.0));
    }

    @Test
    void shouldTakeCommasThatBelongToAValue() {
        DrawingVariant variant = parse(List.of(), "quantization=transformer=int8,text_encoder=int8wo, vae_tiling=true");

        assertThat(variant.model().pipeline.options().quantization())
                .hasValue(Quantization.of("transformer=int8,text_encoder=int8wo"));
        assertThat(variant.model().pipeline.options().vaeTiling()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    speed=high          | "speed=high" is no NAME=VALUE of a flag; there are cache_threshold, cpu_paths, device, dtype
                    dtype               | "dtype" is no NAME=VALUE
                    dtype=fp64          | 'fp64' is none of fp32, bf16, fp16
                    cpu_paths=gelu=now  | 'now' is no way of gelu: there are in-product and after
                    steps=few           | 'few' is not an int
                    prompts=other.txt   | "prompts=other.txt" is no NAME=VALUE
                    """)
    void shouldSayWhatIsWrongWithAVariant(String text, String reason) {
        assertThatThrownBy(() -> parse(List.of(), text))
                .isInstanceOf(CommandLine.ParameterException.class)
                .hasMessageStartingWith("variant \"" + text + "\": ")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    quality --prompts pom.xml                                       | --against
                    quality --against dtype=fp32                                    | --prompts
                    quality --prompts pom.xml --against height=32                   | are the same for all
                    quality --prompts pom.xml --against dtype=fp32 --baseline fp32  | "fp32" is no NAME=VALUE
                    quality --prompts no-such-file --against dtype=fp32             | no such file: no-such-file
                    """)
    void shouldRefuseWrongUsage(String arguments, String reason) {
        var err = new StringWriter();

        int exit = Text2VideoCommand.commandLine()
                .setErr(new PrintWriter(err, true))
                .execute(arguments.split(" "));

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString().lines().filter(line -> line.startsWith("text2video: ")))
                .singleElement()
                .asString()
                .contains(reason);
    }

    private static DrawingVariant parse(List<String> common, String... texts) {
        CommandLine quality = new CommandLine(new QualityCommand());
        List<String> arguments = new ArrayList<>(List.of(NEEDED));
        arguments.addAll(common);
        return DrawingVariant.of(quality.parseArgs(arguments.toArray(String[]::new)), List.of(texts));
    }
}
