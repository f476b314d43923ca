package io.text2video.worker.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.CogVideoXTransformer3DModel.Pass;
import io.text2video.worker.model.CogVideoXTransformer3DModel.Positions;
import io.text2video.worker.pipeline.ComputeType;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each network in half precision: as near to what fp32 gives of the same inputs as diffusers is. */
class HalfPrecisionTest {
    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();

    @AfterEach
    void free() {
        kernels.close();
    }

    @ParameterizedTest
    @CsvSource({"2b,BF16", "2b,FP16", "5b,BF16", "5b,FP16"})
    void shouldEncodeText(String kind, ComputeType type) throws IOException {
        // Given
        T5EncoderModel encoder;
        try (Weights weights = weights(kind, TextEncoderConfig.FOLDER, type)) {
            encoder = new T5EncoderModel(TextEncoderConfig.read(Reference.checkpoint(kind)), weights);
        }
        long[] ids = Reference.golden(kind).longs("input_ids");

        // When
        Tensor prompt = encoder.forward(scope, Arrays.copyOfRange(ids, 0, ids.length / 2));
        Tensor negative = encoder.forward(scope, Arrays.copyOfRange(ids, ids.length / 2, ids.length));

        // Then
        assertClose(kind, type, prompt, "prompt_embeds", "prompt_embeds.fp32");
        assertClose(kind, type, negative, "negative_prompt_embeds", "negative_prompt_embeds.fp32");
    }

    @ParameterizedTest
    @CsvSource({"2b,BF16", "2b,FP16", "5b,BF16", "5b,FP16"})
    void shouldComputeOneBlock(String kind, ComputeType type) throws IOException {
        // Given
        Reference half = Reference.half(kind, type);
        TransformerConfig config = TransformerConfig.read(Reference.checkpoint(kind));
        CogVideoXBlock first;
        Positions positions;
        try (Weights weights = weights(kind, TransformerConfig.FOLDER, type)) {
            first = new CogVideoXBlock(config, weights.at("transformer_blocks").at(0));
            positions = positions(new CogVideoXTransformer3DModel(config, weights), half);
        }
        Tensor text = half.stored(scope, "block.text");
        Tensor x = TensorKernels.concat(scope, List.of(text, half.stored(scope, "block.video")), 1);

        // When: the reference embeds the one timestep once for each of the batch
        Tensor temb = TensorKernels.narrow(scope, half.stored(scope, "block.temb"), 0, 0, 1);
        Tensor y = first.forward(
                scope, x, new CogVideoXBlock.Conditioning(temb, text.size(1), positions, Integer.MAX_VALUE));

        // Then
        Tensor textOut = TensorKernels.narrow(scope, y, 1, 0, text.size(1));
        Tensor videoOut = TensorKernels.narrow(scope, y, 1, text.size(1), y.size(1));
        assertClose(kind, type, textOut, "block.text.out", "block.text.out.alone");
        assertClose(kind, type, videoOut, "block.video.out", "block.video.out.alone");
    }

    @ParameterizedTest
    @CsvSource({"2b,BF16", "2b,FP16", "5b,BF16", "5b,FP16"})
    void shouldPredictTheVelocity(String kind, ComputeType type) throws IOException {
        // Given
        Reference half = Reference.half(kind, type);
        CogVideoXTransformer3DModel transformer;
        try (Weights weights = weights(kind, TransformerConfig.FOLDER, type)) {
            transformer = new CogVideoXTransformer3DModel(TransformerConfig.read(Reference.checkpoint(kind)), weights);
        }
        Tensor text = TensorKernels.concat(
                scope, List.of(half.stored(scope, "negative_prompt_embeds"), half.stored(scope, "prompt_embeds")), 0);
        Tensor noise = half.stored(scope, "pipeline_noise.0");
        Tensor latents = TensorKernels.concat(scope, List.of(noise, noise), 0);

        // When
        Tensor velocity = transformer.forward(scope, new Pass(latents, text, 999, positions(transformer, half)));

        // Then
        assertClose(kind, type, velocity, "noise_pred.0", "noise_pred.0.alone");
    }

    @ParameterizedTest
    @CsvSource({"2b,BF16", "2b,FP16", "5b,BF16", "5b,FP16"})
    void shouldDecodeLatents(String kind, ComputeType type) throws IOException {
        // Given
        VaeConfig config = VaeConfig.read(Reference.checkpoint(kind));
        AutoencoderKLCogVideoX vae;
        try (Weights weights = weights(kind, VaeConfig.FOLDER, type)) {
            vae = new AutoencoderKLCogVideoX(config, weights);
        }
        Tensor latents = Reference.half(kind, type).stored(scope, "latents.3");
        Tensor z = scope.call("latents_to_vae", latents, 1 / config.scalingFactor());
        List<Tensor> chunks = new ArrayList<>();

        // When
        vae.decode(scope, z, Tiling.NONE, chunk -> chunks.add(scope.adopt(chunk)));

        // Then
        assertThat(chunks).allSatisfy(chunk -> assertThat(TensorKernels.dtype(scope, chunk))
                .isEqualTo(type.dtype()));
        Tensor frames = scope.call("to_unit_range", TensorKernels.concat(scope, chunks, 2));
        Reference.half(kind, type)
                .assertNoFurtherOff(
                        scope,
                        kind + " " + type + " frames",
                        TensorKernels.toFloats(scope, frames),
                        "frames",
                        "frames.alone");
    }

    private Positions positions(CogVideoXTransformer3DModel transformer, Reference half) {
        long[] latents = half.tensors().get("pipeline_noise.0").shape();
        return transformer.positions(scope, (int) latents[1], (int) latents[3], (int) latents[4]);
    }

    private Weights weights(String kind, String component, ComputeType type) throws IOException {
        return Reference.weights(scope, kind, component, type.dtype());
    }

    private void assertClose(String kind, ComputeType type, Tensor actual, String name, String exact) {
        DType dtype = TensorKernels.dtype(scope, actual);
        assertThat(dtype).as("dtype of %s", name).isEqualTo(type.dtype());
        Reference.half(kind, type)
                .assertNoFurtherOff(
                        scope, kind + " " + type + " " + name, TensorKernels.toFloats(scope, actual), name, exact);
    }
}
