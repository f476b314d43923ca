package io.text2video.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.lora.LoraFixture;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.weights.WeightMismatchException;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The forms in which exports write one text encoder, all of which transformers reads. */
class TextEncoderWeightsTest extends RewrittenCheckpointFixture {
    private static final String FILE = "text_encoder/model.safetensors";

    @Test
    void shouldReadTheTableUnderItsOtherNameAlone() throws IOException {
        // Given
        Path tied = rewritten(FILE, name -> name.equals(T5EncoderModel.TABLE) ? T5EncoderModel.TIED_TABLE : name);

        // Then
        assertThat(encode(tied)).isEqualTo(encode(CHECKPOINT));
    }

    @Test
    void shouldReadTheEncoderOfAWholeT5() throws IOException {
        // Given
        Path whole = rewritten(
                FILE,
                name -> name,
                LoraFixture.filled(T5EncoderModel.TIED_TABLE, 7, 1, 1),
                LoraFixture.filled("decoder.embed_tokens.weight", 7, 1, 1),
                LoraFixture.filled("decoder.block.0.layer.1.EncDecAttention.q.weight", 7, 2, 2),
                LoraFixture.filled("lm_head.weight", 7, 2, 2));

        // Then
        assertThat(encode(whole)).isEqualTo(encode(CHECKPOINT));
    }

    @Test
    void shouldNameTheTableThatIsMissing() throws IOException {
        // Given
        Path without = rewritten(FILE, name -> name.equals(T5EncoderModel.TABLE) ? "" : name);

        // Then
        assertThatThrownBy(() -> encode(without))
                .isInstanceOf(WeightMismatchException.class)
                .hasMessageContaining("shared.weight is missing");
    }

    private float[] encode(Path checkpoint) throws IOException {
        try (Weights weights = Reference.weights(scope, checkpoint, Component.TEXT_ENCODER, DType.F32)) {
            var encoder = new T5EncoderModel(TextEncoderConfig.read(CHECKPOINT), weights);
            weights.requireAllRead();
            return TensorKernels.toFloats(scope, encoder.forward(scope, 2, 1, 0));
        }
    }
}
