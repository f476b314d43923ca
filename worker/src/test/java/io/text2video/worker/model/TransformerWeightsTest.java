package io.text2video.worker.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.lora.LoraFixture;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.weights.WeightMismatchException;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configs that the weights do not fit. */
class TransformerWeightsTest {
    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();

    @TempDir
    Path directory;

    @AfterEach
    void free() {
        kernels.close();
    }

    @Test
    void shouldNameBothShapesWhenTheConfigIsOfAnotherSize() throws IOException {
        // Given
        TransformerConfig config = edited("text_embed_dim", "32", "48");

        // When, Then
        try (Weights weights = Reference.weights(scope, TransformerConfig.FOLDER)) {
            assertThatThrownBy(() -> new CogVideoXTransformer3DModel(config, weights))
                    .isInstanceOf(WeightMismatchException.class)
                    .hasMessageContaining("patch_embed.text_proj.weight has shape [64, 32]")
                    .hasMessageContaining("[64, 48]");
        }
    }

    @Test
    void shouldNotLoadFewerLayersThanTheFilesHold() throws IOException {
        // Given
        TransformerConfig config = edited("num_layers", "2", "1");

        // When, Then
        try (Weights weights = Reference.weights(scope, TransformerConfig.FOLDER)) {
            new CogVideoXTransformer3DModel(config, weights);
            assertThatThrownBy(weights::requireAllRead)
                    .isInstanceOf(WeightMismatchException.class)
                    .hasMessageContaining("transformer_blocks.1.");
        }
    }

    @Test
    void shouldComputePositionsThatWereSavedAllTheSame() throws IOException {
        // Given: elder versions of diffusers saved what they had computed
        Path checkpoint = Reference.checkpoint("odd-2b");
        Path file = Files.createDirectory(directory.resolve(TransformerConfig.FOLDER))
                .resolve("diffusion_pytorch_model.safetensors");
        LoraFixture.rewritten(
                checkpoint.resolve(TransformerConfig.FOLDER).resolve(file.getFileName()),
                file,
                Map.of(),
                name -> name,
                LoraFixture.filled("patch_embed.pos_embedding", 7, 1, 3, 2));

        // When, Then
        try (Weights weights = Reference.weights(scope, directory, Component.TRANSFORMER, DType.F32)) {
            new CogVideoXTransformer3DModel(TransformerConfig.read(checkpoint), weights);
            assertThatCode(weights::requireAllRead).doesNotThrowAnyException();
        }
    }

    private TransformerConfig edited(String field, String before, String after) throws IOException {
        Path folder = Files.createDirectory(directory.resolve(TransformerConfig.FOLDER));
        String json = Files.readString(
                Reference.CHECKPOINT.resolve(TransformerConfig.FOLDER).resolve("config.json"));
        String line = "\"" + field + "\": ";
        Files.writeString(folder.resolve("config.json"), json.replace(line + before, line + after));
        return TransformerConfig.read(directory);
    }
}
