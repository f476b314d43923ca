package io.text2video.worker.lora;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.model.CogVideoXTransformer3DModel;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsWriter;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a LoRA could do nothing, or something else than it was trained for, is an error that says so. */
class LoraRefusalTest {
    private static final String LAYER = "transformer.transformer_blocks.0.attn1.to_q";

    @TempDir
    Path directory;

    @Test
    void shouldRefuseAMissingFile() {
        assertRefused(() -> LoraFile.read(directory.resolve("noir.safetensors")), "noir.safetensors: is missing");
    }

    @Test
    void shouldRefuseAPickle() throws IOException {
        Path file = Files.write(
                directory.resolve("noir.pt"),
                new byte[] {(byte) 0x80, 2, '}', 'q', 0, '.', 0, 0, 0, 0, 0, (byte) 0x80});
        assertRefused(() -> LoraFile.read(file), "noir.pt: claims a header", "it is a pickle");
    }

    @Test
    void shouldRefuseAFileWithoutAnyLora() throws IOException {
        Path file = write(LoraFixture.filled("transformer_blocks.0.attn1.to_q.weight", 1, 2, 2));
        assertRefused(() -> LoraFile.read(file), "holds no LoRA", "transformer_blocks.0.attn1.to_q.weight");
    }

    @Test
    void shouldRefuseTensorsThatAreNoPartOfALora() throws IOException {
        Path file = attentionWith(LoraFixture.filled(LAYER + ".lora_B.bias", 1, 64));
        assertRefused(() -> LoraFile.read(file), "1 tensors that are no part of a LoRA", "to_q.lora_B.bias");
    }

    @Test
    void shouldRefuseATextEncodersLora() throws IOException {
        Path file = attentionWith(
                LoraFixture.filled("text_encoder.encoder.block.0.layer.0.SelfAttention.q.lora_A.weight", 1, 2, 32),
                LoraFixture.filled("lora_te_encoder_block_0_layer_0_SelfAttention_q.alpha", 1));
        assertRefused(
                () -> LoraFile.read(file), "2 tensors for a text encoder", "text_encoder.encoder.block.0", "lora_te_");
    }

    @Test
    void shouldRefuseADora() throws IOException {
        for (String magnitudes : List.of(
                ".dora_scale",
                ".lora_magnitude_vector",
                ".lora_magnitude_vector.weight",
                ".lora_magnitude_vector.default.weight")) {
            Path byKey = attentionWith(LoraFixture.filled(LAYER + magnitudes, 1, 64, 1));
            assertRefused(() -> LoraFile.read(byKey), "is a DoRA, as it has " + LAYER + magnitudes, "merge it into");
        }

        // And that comes before all else that is wrong with it
        Path alone = write(LoraFixture.filled(LAYER + ".lora_magnitude_vector", 1, 64), LoraFixture.filled("x", 1));
        assertRefused(() -> LoraFile.read(alone), "is a DoRA");

        Path byMetadata = attention(Map.of("lora_adapter_metadata", "{\"transformer.use_dora\": true}"));
        assertRefused(() -> LoraFile.read(byMetadata), "is a DoRA, as it has use_dora");
    }

    @Test
    void shouldRefuseHalfAPair() throws IOException {
        Path file = write(LoraFixture.filled(LAYER + ".lora_A.weight", 1, 4, 64));
        assertRefused(() -> LoraFile.read(file), "to_q.lora_A.weight", "but not its lora_B (up)");

        Path alone = attentionWith(LoraFixture.filled("transformer.proj_out.alpha", 1));
        assertRefused(() -> LoraFile.read(alone), "proj_out.alpha", "but not its lora_A (down)");
    }

    @Test
    void shouldRefuseALayerThatIsThereTwice() throws IOException {
        Path file = attentionWith(LoraFixture.filled(LAYER + ".lora_down.weight", 1, 4, 64));
        assertRefused(() -> LoraFile.read(file), "two tensors for the DOWN of transformer_blocks.0.attn1.to_q");
    }

    @Test
    void shouldRefuseRanksThatDiffer() throws IOException {
        Path file = write(
                LoraFixture.filled(LAYER + ".lora_A.weight", 1, 4, 64),
                LoraFixture.filled(LAYER + ".lora_B.weight", 1, 64, 2));
        assertRefused(() -> LoraFile.read(file), "lora_A.weight [4, 64]", "lora_B.weight [64, 2]", "ranks");
    }

    @Test
    void shouldRefuseNumbersThatAreNoFloats() throws IOException {
        Path file = write(
                new SafetensorsWriter.Entry(
                        LAYER + ".lora_A.weight", SafetensorsDtype.I8, new long[] {1, 64}, ByteBuffer.allocate(64)),
                LoraFixture.filled(LAYER + ".lora_B.weight", 1, 64, 1));
        assertRefused(() -> LoraFile.read(file), "stored as I8", "must be one of [F16, BF16, F32, F64]");
    }

    @Test
    void shouldRefuseMetadataThatCannotBeFollowed() throws IOException {
        Path noJson = attention(Map.of("lora_adapter_metadata", "r=4"));
        assertRefused(() -> LoraFile.read(noJson), "not JSON");

        Path noNumber = attention(Map.of("lora_adapter_metadata", "{\"lora_alpha\": \"big\"}"));
        assertRefused(() -> LoraFile.read(noNumber), "the lora_alpha \"big\", which is no number");

        Path pattern = attention(Map.of("lora_adapter_metadata", "{\"alpha_pattern\": {\"attn1.to_[qk]\": 2}}"));
        assertRefused(() -> LoraFile.read(pattern), "alpha_pattern attn1.to_[qk], which names none of its layers");
    }

    @Test
    void shouldReadTheConfigThatPeftWritesBesideItsFile() throws IOException {
        Path file = LoraFixture.rewritten(
                LoraFixture.ATTENTION, directory.resolve("adapter_model.safetensors"), Map.of(), name -> name);
        Files.writeString(directory.resolve("adapter_config.json"), "{\"use_dora\": true}");
        assertRefused(() -> LoraFile.read(file), "is a DoRA, as it has use_dora");
    }

    @Test
    void shouldRefuseLayersThatTheModelLacks() throws IOException {
        Path file = attentionWith(
                LoraFixture.filled("transformer.transformer_blocks.41.attn1.to_q.lora_A.weight", 1, 4, 64),
                LoraFixture.filled("transformer.transformer_blocks.41.attn1.to_q.lora_B.weight", 1, 64, 4));
        assertRefused(
                () -> build(file), "adapts 9 layers, of which this model has no 1: transformer_blocks.41.attn1.to_q");
    }

    @Test
    void shouldRefuseAWholeLoraOfUnknownUnderscoredNames() throws IOException {
        Path file = write(
                LoraFixture.filled("lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight", 1, 4, 64),
                LoraFixture.filled("lora_unet_double_blocks_0_img_attn_qkv.lora_up.weight", 1, 64, 4));
        assertRefused(() -> build(file), "this model has no 1: double_blocks_0_img_attn_qkv");
    }

    @Test
    void shouldNameBothShapesOfALoraForAnotherSize() throws IOException {
        Path file = write(
                LoraFixture.filled(LAYER + ".lora_A.weight", 1, 4, 96),
                LoraFixture.filled(LAYER + ".lora_B.weight", 1, 96, 4));
        assertRefused(
                () -> build(file),
                "to_q.lora_A.weight [4, 96]",
                "layer transformer_blocks.0.attn1.to_q of [64, 64]",
                "would be [4, 64]",
                "another size");
    }

    @Test
    void shouldRefuseNumbersThatAreNotFinite() throws IOException {
        Path weights = write(
                LoraFixture.filled(LAYER + ".lora_A.weight", Float.NaN, 4, 64),
                LoraFixture.filled(LAYER + ".lora_B.weight", 1, 64, 4));
        assertRefused(() -> build(weights), "lora_A.weight that are infinite or NaN");

        Path alpha = attentionWith(LoraFixture.filled(LAYER + ".alpha", Float.POSITIVE_INFINITY));
        assertRefused(() -> build(alpha), "the alpha Infinity");
    }

    private static void assertRefused(ThrowingCallable call, String... reasons) {
        assertThatThrownBy(call).isInstanceOf(LoraException.class).hasMessageContainingAll(reasons);
    }

    private static void build(Path file) throws IOException {
        try (Kernels kernels = Kernels.load()) {
            MemoryScope scope = kernels.openScope();
            try (Weights weights = Reference.weights(scope, TransformerConfig.FOLDER);
                    LoraStack stack = new LoraStack(
                            scope, weights.computeType(), List.of(new LoraStack.Scaled(LoraFile.read(file), 1)))) {
                new CogVideoXTransformer3DModel(TransformerConfig.read(Reference.CHECKPOINT), weights.with(stack));
                stack.requireAllUsed();
            }
        }
    }

    private Path write(SafetensorsWriter.Entry... entries) throws IOException {
        Path file = directory.resolve("written.safetensors");
        SafetensorsWriter.write(file, Map.of(), List.of(entries));
        return file;
    }

    private Path attention(Map<String, String> metadata) throws IOException {
        return LoraFixture.rewritten(
                LoraFixture.ATTENTION, directory.resolve("metadata.safetensors"), metadata, name -> name);
    }

    private Path attentionWith(SafetensorsWriter.Entry... more) throws IOException {
        return LoraFixture.rewritten(
                LoraFixture.ATTENTION, directory.resolve("more.safetensors"), Map.of(), name -> name, more);
    }
}
