package io.text2video.worker.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.CogVideoXTransformer3DModel.Positions;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each network against what diffusers computed with the same weights. */
class NetworkParityTest {
    private static final double TOLERANCE = 1e-4;

    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();
    private final Reference golden = Reference.golden();

    @AfterEach
    void free() {
        kernels.close();
    }

    @Test
    void shouldEncodeTextAsTheReferenceDoes() throws IOException {
        // Given
        T5EncoderModel encoder;
        try (Weights weights = Reference.weights(scope, TextEncoderConfig.FOLDER)) {
            encoder = new T5EncoderModel(TextEncoderConfig.read(Reference.CHECKPOINT), weights);
            weights.requireAllRead();
        }
        long[] ids = golden.longs("input_ids");

        // When
        Tensor prompt = encoder.forward(scope, Arrays.copyOfRange(ids, 0, ids.length / 2));
        Tensor negative = encoder.forward(scope, Arrays.copyOfRange(ids, ids.length / 2, ids.length));

        // Then
        assertClose("prompt_embeds", prompt, golden, "prompt_embeds");
        assertClose("negative_prompt_embeds", negative, golden, "negative_prompt_embeds");
    }

    @Test
    void shouldComputeOneBlockAsTheReferenceDoes() throws IOException {
        // Given
        Reference block = Reference.open(Reference.CHECKPOINT.resolve("block.safetensors"));
        CogVideoXBlock first;
        try (Weights weights = Reference.weights(scope, TransformerConfig.FOLDER)) {
            first = new CogVideoXBlock(
                    TransformerConfig.read(Reference.CHECKPOINT),
                    weights.at("transformer_blocks").at(0));
        }
        Tensor text = block.tensor(scope, "encoder_hidden_states");
        Tensor video = block.tensor(scope, "hidden_states");
        Tensor x = TensorKernels.concat(scope, List.of(text, video), 1);

        // When
        Positions none = new Positions(List.of(), List.of());
        Tensor y = first.forward(
                scope,
                x,
                new CogVideoXBlock.Conditioning(block.tensor(scope, "temb"), text.size(1), none, Integer.MAX_VALUE));

        // Then
        Tensor textOut = TensorKernels.narrow(scope, y, 1, 0, text.size(1));
        Tensor videoOut = TensorKernels.narrow(scope, y, 1, text.size(1), y.size(1));
        assertClose("block, text", textOut, block, "encoder_hidden_states.out");
        assertClose("block, video", videoOut, block, "hidden_states.out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2b", "5b", "1.5", "i2v", "1.5-i2v"})
    void shouldPredictTheVelocityAsTheReferenceDoes(String kind) throws IOException {
        // Given
        Reference golden = Reference.golden(kind);
        CogVideoXTransformer3DModel transformer;
        try (Weights weights = Reference.weights(scope, kind, TransformerConfig.FOLDER)) {
            transformer = new CogVideoXTransformer3DModel(TransformerConfig.read(Reference.checkpoint(kind)), weights);
            weights.requireAllRead();
        }

        // When
        Tensor velocity = transformer.forward(scope, golden.firstPass(scope, transformer));

        // Then
        assertThat(velocity.shape())
                .isEqualTo(golden.tensors().get("noise_pred.0").shape());
        assertClose(kind + " noise_pred.0", velocity, golden, "noise_pred.0");
    }

    @Test
    void shouldDecodeLatentsAsTheReferenceDoes() throws IOException {
        // Given
        AutoencoderKLCogVideoX vae;
        try (Weights weights = Reference.weights(scope, VaeConfig.FOLDER)) {
            vae = new AutoencoderKLCogVideoX(VaeConfig.read(Reference.CHECKPOINT), weights);
            weights.requireAllRead();
        }
        List<Tensor> chunks = new ArrayList<>();

        // When
        vae.decode(scope, golden.tensor(scope, "vae_latent"), Tiling.NONE, chunk -> chunks.add(scope.adopt(chunk)));

        // Then
        assertThat(chunks).extracting(chunk -> chunk.size(2)).containsExactly(9, 8);
        assertClose("vae_decoded", TensorKernels.concat(scope, chunks, 2), golden, "vae_decoded");
    }

    private void assertClose(String what, Tensor actual, Reference reference, String expected) {
        Reference.assertClose(what, TensorKernels.toFloats(scope, actual), reference.floats(expected), TOLERANCE);
    }
}
