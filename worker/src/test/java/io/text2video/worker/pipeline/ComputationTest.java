package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes two generations one computation, and what does not. */
class ComputationTest {
    private static final String ARITHMETIC = "device=CPU kernels=0";

    private static final GenerationParameters CALL =
            new GenerationParameters("a cat", "blurry", 12, 6, true, 0, 64, 80, 9, 8, 7, List.of(), null);

    @TempDir
    Path directory;

    @Test
    void shouldNameWhatDecidesTheLatentsInSixteenHexDigits() {
        String name = name(CALL);

        assertThat(name).matches("[0-9a-f]{16}").isEqualTo(name(CALL));
        assertThat(Stream.of(
                        name,
                        name(new GenerationParameters(
                                "a dog", "blurry", 12, 6, true, 0, 64, 80, 9, 8, 7, List.of(), null)),
                        name(new GenerationParameters("a cat", "", 12, 6, true, 0, 64, 80, 9, 8, 7, List.of(), null)),
                        name(new GenerationParameters(
                                "a cat", "blurry", 13, 6, true, 0, 64, 80, 9, 8, 7, List.of(), null)),
                        name(new GenerationParameters(
                                "a cat", "blurry", 12, 5, true, 0, 64, 80, 9, 8, 7, List.of(), null)),
                        name(new GenerationParameters(
                                "a cat", "blurry", 12, 6, false, 0, 64, 80, 9, 8, 7, List.of(), null)),
                        name(new GenerationParameters(
                                "a cat", "blurry", 12, 6, true, 0, 80, 64, 9, 8, 7, List.of(), null)),
                        name(new GenerationParameters(
                                "a cat", "blurry", 12, 6, true, 0, 64, 80, 17, 8, 7, List.of(), null)),
                        name(new GenerationParameters(
                                "a cat", "blurry", 12, 6, true, 0, 64, 80, 9, 8, 8, List.of(), null)),
                        name(CALL.withCacheThreshold(0.1)),
                        name(CALL.startingFrom(new RgbImage(1, 2, new byte[6]))),
                        name(CALL.startingFrom(new RgbImage(2, 1, new byte[6]))),
                        name(CALL.startingFrom(new RgbImage(2, 1, new byte[] {0, 0, 0, 0, 0, 1}))),
                        computation(Reference.CHECKPOINT).of(CALL, List.of("1.0 file alone"), Rung.WHOLE),
                        computation(Reference.CHECKPOINT)
                                .of(CALL, List.of(), Rung.WHOLE.with(Saving.FEED_FORWARD_SLICES)),
                        computation(Reference.TINY_CHECKPOINT).of(CALL, List.of(), Rung.WHOLE),
                        new Computation(Reference.CHECKPOINT, ComputeType.BF16, Quantization.NONE, ARITHMETIC)
                                .of(CALL, List.of(), Rung.WHOLE),
                        new Computation(Reference.CHECKPOINT, ComputeType.FP32, Quantization.of("int8"), ARITHMETIC)
                                .of(CALL, List.of(), Rung.WHOLE),
                        new Computation(
                                        Reference.CHECKPOINT,
                                        ComputeType.FP32,
                                        Quantization.NONE,
                                        ARITHMETIC.replace("CPU", "CUDA"))
                                .of(CALL, List.of(), Rung.WHOLE)))
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldNotTellApartWhatComesToTheSameLatents() {
        assertThat(name(new GenerationParameters("a cat", "blurry", 12, 6, true, 1, 64, 80, 9, 24, 7, List.of(), null)))
                .as("another eta and fps")
                .isEqualTo(name(CALL));
        for (Saving saving : List.of(Saving.GUIDANCE_PASSES, Saving.TEXT_ENCODER_RELEASED, Saving.VAE_TILES)) {
            assertThat(computation(Reference.CHECKPOINT).of(CALL, List.of(), Rung.WHOLE.with(saving)))
                    .as("%s", saving)
                    .isEqualTo(name(CALL));
        }
        GenerationParameters fromImage = CALL.startingFrom(new RgbImage(1, 2, new byte[6]));
        assertThat(computation(Reference.CHECKPOINT).of(fromImage, List.of(), Rung.WHOLE.with(Saving.VAE_TILES)))
                .as("an image that is encoded in tiles")
                .isNotEqualTo(name(fromImage));
    }

    @Test
    void shouldKnowAModelByItsFilesWhereverTheyLie() throws IOException {
        // Given
        copy(Reference.CHECKPOINT, directory);

        // Then
        assertThat(computation(directory).of(CALL, List.of(), Rung.WHOLE)).isEqualTo(name(CALL));
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
        assertThat(computation(directory).of(CALL, List.of(), Rung.WHOLE)).isNotEqualTo(name(CALL));
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

    private static String name(GenerationParameters parameters) {
        return computation(Reference.CHECKPOINT).of(parameters, List.of(), Rung.WHOLE);
    }

    private static Computation computation(Path model) {
        return new Computation(model, ComputeType.FP32, Quantization.NONE, ARITHMETIC);
    }
}
