package io.text2video.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.worker.Reference;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The LoRA for cogvideox-tiny that models/train/distil.py made: four steps without guidance. */
class DistilledLoraTest {
    private static final Path LORA = Path.of("../models/loras/cogvideox-tiny/four-steps.safetensors");
    private static final Path RECIPE = LORA.resolveSibling("four-steps.json");
    private static final long MEGABYTE = 1_000_000;

    /** dB to the guided video; four steps of the bare model come to 34 to 38. */
    private static final double NEAR = 38;

    private static final double NEARER = 1;

    private static Text2Video pipeline;
    private static JsonNode recipe;

    @BeforeAll
    static void load() throws IOException {
        recipe = new ObjectMapper().readTree(RECIPE.toFile());
        pipeline = Text2Video.load(
                Reference.TINY_CHECKPOINT,
                options -> options.device("cpu").cpuPaths("default").lora("four-steps", LORA));
    }

    @AfterAll
    static void close() {
        pipeline.close();
    }

    @Test
    void shouldBeSmall() {
        assertThat(LORA.toFile().length()).isBetween(1L, MEGABYTE);
    }

    @ParameterizedTest
    @CsvSource({
        "5, a red ball moving up on a gray background",
        "77, a yellow ball moving up on a gray background",
        "113, a white triangle moving left on a gray background"
    })
    void shouldDrawInFourStepsWhatManyGuidedOnesDraw(long seed, String prompt) {
        // Given
        int[] timesteps = StreamSupport.stream(recipe.path("timesteps").spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
        Consumer<VideoOptions> bare = options -> options.seed(seed)
                .timesteps(timesteps)
                .guidanceScale(recipe.path("guidance_scale").asDouble());
        Consumer<VideoOptions> withLora = bare.andThen(
                options -> options.lora("four-steps", recipe.path("scale").asDouble()));

        // When
        GeneratedVideo guided = pipeline.generate(prompt, options -> options.seed(seed));
        GeneratedVideo distilled = pipeline.generate(prompt, withLora);

        // Then
        assertThat(timesteps).hasSize(4);
        double without = psnr(guided.frames(), pipeline.generate(prompt, bare).frames());
        assertThat(psnr(guided.frames(), distilled.frames()))
                .isGreaterThan(NEAR)
                .isGreaterThan(without + NEARER);
    }

    private static double psnr(List<BufferedImage> expected, List<BufferedImage> actual) {
        double squares = 0;
        int bytes = 0;
        for (int frame = 0; frame < expected.size(); frame++) {
            BufferedImage image = expected.get(frame);
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < image.getWidth(); x++) {
                    for (int shift = 0; shift <= 16; shift += 8) {
                        int a = image.getRGB(x, y) >> shift & 0xff;
                        int b = actual.get(frame).getRGB(x, y) >> shift & 0xff;
                        squares += (a - b) * (a - b);
                        bytes++;
                    }
                }
            }
        }
        return 10 * Math.log10(255.0 * 255.0 * bytes / squares);
    }
}
