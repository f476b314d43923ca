package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.model.LoraScale;
import io.text2video.worker.Reference;
import io.text2video.worker.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is drawn with quantized weights, beside what is drawn with floats. */
@Tag("slow")
class QuantizedPipelineTest {
    private static final List<String> PROMPTS =
            List.of("a red ball moving left on a black background", "a green square moving up on a gray background");

    /** Below this a video of the tiny model shows another thing: two of its seeds are 10 to 15 dB apart. */
    private static final double SAME_VIDEO = 25;

    @ParameterizedTest
    @ValueSource(strings = {"int8", "int8wo", "fp8", "vae=int8wo"})
    void shouldDrawWhatFloatsDraw(String schemes) throws IOException {
        for (int seed = 0; seed < PROMPTS.size(); seed++) {
            GenerationParameters call = call(PROMPTS.get(seed), 25, seed, List.of());

            // When
            byte[] quantized = draw(Reference.TINY_CHECKPOINT, Map.of(), schemes, call);

            // Then
            double psnr = psnr(quantized, draw(Reference.TINY_CHECKPOINT, Map.of(), "none", call));
            System.out.printf("%-12s %-48s %.1f dB%n", schemes, call.prompt(), psnr);
            assertThat(psnr).as("%s of \"%s\"", schemes, call.prompt()).isBetween(SAME_VIDEO, 90.0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"int8", "fp8"})
    void shouldDrawWithALoraAsFloatsDo(String schemes) throws IOException {
        // Given
        Map<String, Path> loras = Map.of("it", Reference.checkpoint("2b-lora").resolve("attention.safetensors"));
        GenerationParameters with = call("a cat", 2, 3, List.of(new LoraScale("it", 1.0)));
        GenerationParameters without = call("a cat", 2, 3, List.of());

        // When
        byte[] quantized = draw(Reference.CHECKPOINT, loras, schemes, with);

        // Then
        double same = psnr(quantized, draw(Reference.CHECKPOINT, loras, "none", with));
        double bare = psnr(quantized, draw(Reference.CHECKPOINT, loras, schemes, without));
        System.out.printf("%s with a LoRA: %.1f dB from floats with it, %.1f dB from none%n", schemes, same, bare);
        assertThat(same).isGreaterThan(bare + 3);
    }

    private static byte[] draw(Path model, Map<String, Path> loras, String schemes, GenerationParameters call)
            throws IOException {
        var options = new PipelineOptions(Optional.empty(), Optional.of(Quantization.of(schemes)), false);
        try (CogVideoXPipeline pipeline = CogVideoXPipeline.load(model, loras, options)) {
            var collected = new CollectedFrames(call);
            pipeline.generate(call, StepListener.NONE, collected);
            return collected.frames().rgb();
        }
    }

    private static GenerationParameters call(String prompt, int steps, long seed, List<LoraScale> loras) {
        return new GenerationParameters(prompt, "", steps, 2.0, false, 0, 64, 64, 9, 8, seed, loras, null);
    }

    private static double psnr(byte[] a, byte[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.pow((a[i] & 0xFF) - (b[i] & 0xFF), 2);
        }
        return 10 * Math.log10(255.0 * 255 * a.length / sum);
    }
}
