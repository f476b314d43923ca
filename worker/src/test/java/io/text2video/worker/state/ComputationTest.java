package io.text2video.worker.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes two generations one computation, and what does not. */
class ComputationTest {
    private static final Map<String, ?> LOADED = Map.of("dtype", "fp32", "quantization", "none");
    private static final Map<String, ?> DECISIVE = Map.of("prompt", "a cat", "seed", 7);

    @TempDir
    Path directory;

    @Test
    void shouldNameItInSixteenHexDigitsByAllThatDecides() {
        String name = name(Reference.CHECKPOINT);

        assertThat(name).matches("[0-9a-f]{16}").isEqualTo(name(Reference.CHECKPOINT));
        assertThat(Stream.of(
                        name,
                        name(Reference.TINY_CHECKPOINT),
                        new Computation(Reference.CHECKPOINT, Map.of("dtype", "bf16", "quantization", "none"))
                                .of(DECISIVE),
                        new Computation(Reference.CHECKPOINT, LOADED).of(Map.of("prompt", "a dog", "seed", 7)),
                        new Computation(Reference.CHECKPOINT, LOADED).of(Map.of("prompt", "a cat", "seed", 8)),
                        new Computation(Reference.CHECKPOINT, LOADED).of(Map.of("prompt", "a cat\nseed 1=7"))))
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldNotMindTheOrder() {
        // Given
        Map<String, Object> turned = new LinkedHashMap<>();
        turned.put("seed", 7);
        turned.put("prompt", "a cat");

        // Then
        assertThat(new Computation(Reference.CHECKPOINT, LOADED).of(turned)).isEqualTo(name(Reference.CHECKPOINT));
    }

    @Test
    void shouldKnowAModelByItsFilesWhereverTheyLie() throws IOException {
        // Given
        copy(Reference.CHECKPOINT, directory);

        // Then
        assertThat(name(directory)).isEqualTo(name(Reference.CHECKPOINT));
    }

    @Test
    void shouldTellApartWeightsOfTheSameSize() throws IOException {
        // Given the same checkpoint, after one more step of training
        copy(Reference.CHECKPOINT, directory);
        Path weights = directory.resolve("vae/diffusion_pytorch_model-00001-of-00004.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        for (int i = bytes.length / 2; i < bytes.length; i++) {
            bytes[i] ^= 1;
        }
        Files.write(weights, bytes, StandardOpenOption.TRUNCATE_EXISTING);

        // Then
        assertThat(name(directory)).isNotEqualTo(name(Reference.CHECKPOINT));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static String name(Path model) {
        return new Computation(model, LOADED).of(DECISIVE);
    }
}
