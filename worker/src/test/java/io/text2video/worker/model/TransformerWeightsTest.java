package io.text2video.worker.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.lora.LoraFixture;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.weights.WeightMismatchException;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Configs that the weights do not fit. */
class TransformerWeightsTest extends RewrittenCheckpointFixture {
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
        Path checkpoint = rewritten(
                TransformerConfig.FOLDER + "/diffusion_pytorch_model.safetensors",
                name -> name,
                LoraFixture.filled("patch_embed.pos_embedding", 7, 1, 3, 2));

        // When, Then
        try (Weights weights = Reference.weights(scope, checkpoint, Component.TRANSFORMER, DType.F32)) {
            new CogVideoXTransformer3DModel(TransformerConfig.read(CHECKPOINT), weights);
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
