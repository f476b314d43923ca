package io.text2video.worker.lora;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.CogVideoXTransformer3DModel;
import io.text2video.worker.weights.SafetensorsWriter;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The transformer with LoRAs against what diffusers and PEFT computed with the same files. */
class LoraParityTest {
    private static final double TOLERANCE = 1e-4;

    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();
    private final Reference golden = Reference.golden();
    private final Reference expected = LoraFixture.predictions();
    private Weights weights;
    private CogVideoXTransformer3DModel bare;

    @TempDir
    Path directory;

    @BeforeEach
    void load() throws IOException {
        try (Weights opened = Reference.weights(scope, TransformerConfig.FOLDER)) {
            bare = new CogVideoXTransformer3DModel(TransformerConfig.read(Reference.CHECKPOINT), opened);
            weights = opened;
        }
    }

    @AfterEach
    void free() {
        kernels.close();
    }

    @Test
    void shouldAddOneAsTheReferenceDoes() throws IOException {
        // Given
        var attention = adapted(scaled(LoraFixture.ATTENTION, 1));
        var everywhere = adapted(scaled(LoraFixture.EVERYWHERE, 1));

        // Then
        assertClose("attention", predict(attention), expected.floats("attention"));
        assertClose("everywhere", predict(everywhere), expected.floats("everywhere"));
        assertClose("neither", predict(bare), expected.floats("neither"));
    }

    @Test
    void shouldAddSeveralWithTheirScalesAsTheReferenceDoes() throws IOException {
        // Given
        double attention = Double.parseDouble(expected.metadata("scale.attention"));
        double everywhere = Double.parseDouble(expected.metadata("scale.everywhere"));

        // When
        var both = adapted(scaled(LoraFixture.ATTENTION, attention), scaled(LoraFixture.EVERYWHERE, everywhere));

        // Then
        assertClose("both", predict(both), expected.floats("both"));
    }

    @ParameterizedTest
    @CsvSource({
        "transformer., ., .lora_A.weight, .lora_B.weight",
        "'', ., .lora_A.default.weight, .lora_B.default.weight",
        "base_model.model., ., .lora_A.weight, .lora_B.weight",
        "base_model.model.transformer., ., .lora_A.noir.weight, .lora_B.noir.weight",
        "diffusion_model., ., .lora_A.weight, .lora_B.weight",
        "transformer., ., .lora.down.weight, .lora.up.weight",
        "transformer., ., .lora_linear_layer.down.weight, .lora_linear_layer.up.weight",
        "transformer., ., .lora_down.weight, .lora_up.weight",
        "lora_transformer_, _, .lora_down.weight, .lora_up.weight",
        "lora_unet_, _, .lora_down.weight, .lora_up.weight",
        "lora_unet__, _, .lora_down.weight, .lora_up.weight",
        "module., ., .lora_A.weight, .lora_B.weight",
        "_orig_mod., ., .lora_A.weight, .lora_B.weight",
        "pipe.dit., ., .lora_A.default.weight, .lora_B.default.weight",
        "model., ., .lora_A.weight, .lora_B.weight",
        "net., ., .lora_A.weight, .lora_B.weight",
        "module._orig_mod.base_model.model.transformer., ., .lora_A.weight, .lora_B.weight"
    })
    void shouldUnderstandEverySpelling(String prefix, String dot, String down, String up) throws IOException {
        assertEqualToTheOriginal(layer -> prefix + layer.replace(".", dot), down, up);
    }

    @Test
    void shouldSeeThroughWrappersOfInnerModules() throws IOException {
        assertEqualToTheOriginal(
                layer -> "transformer._fsdp_wrapped_module."
                        + layer.replace(".attn1.", "._checkpoint_wrapped_module._orig_mod.attn1."),
                ".lora_A.weight",
                ".lora_B.weight");
    }

    @Test
    void shouldUnderstandTheEldestSpelling() throws IOException {
        assertEqualToTheOriginal(
                layer -> "transformer."
                        + layer.replace(".attn1.", ".attn1.processor.").replace("to_out.0", "to_out"),
                "_lora.down.weight",
                "_lora.up.weight");
    }

    @Test
    void shouldUnderstandTheOriginalTrainersNames() throws IOException {
        // Given: SAT has no place for alpha, so every scale is 1 on both sides.
        Path original = LoraFixture.rewritten(
                LoraFixture.ATTENTION, directory.resolve("original.safetensors"), Map.of(), name -> name);
        Path sat = LoraFixture.rewritten(
                LoraFixture.ATTENTION, directory.resolve("sat.safetensors"), Map.of(), LoraParityTest::inSat);

        // Then
        assertThat(predict(adapted(scaled(sat, 1)))).isEqualTo(predict(adapted(scaled(original, 1))));
    }

    /** The file's metadata become alpha tensors, which all spellings have in common. */
    private void assertEqualToTheOriginal(UnaryOperator<String> rename, String down, String up) throws IOException {
        // Given
        var alphas = new ArrayList<SafetensorsWriter.Entry>();
        for (String layer : LoraFixture.attentionLayers()) {
            float alpha = layer.equals("transformer_blocks.0.attn1.to_q") ? 3 : 8;
            alphas.add(LoraFixture.filled(rename.apply(layer) + ".alpha", alpha));
        }
        Path file = LoraFixture.rewritten(
                LoraFixture.ATTENTION,
                directory.resolve("respelled.safetensors"),
                Map.of(),
                name -> {
                    String layer = name.substring("transformer.".length(), name.indexOf(".lora_"));
                    return rename.apply(layer) + (name.contains("lora_A") ? down : up);
                },
                alphas.toArray(SafetensorsWriter.Entry[]::new));

        // Then
        assertThat(predict(adapted(scaled(file, 1)))).isEqualTo(predict(adapted(scaled(LoraFixture.ATTENTION, 1))));
    }

    private static String inSat(String name) {
        String matrix = name.contains("lora_A") ? "matrix_A" : "matrix_B";
        String block = name.replaceAll(".*transformer_blocks\\.(\\d+)\\..*", "$1");
        String layer = "model.diffusion_model.transformer.layers." + block + ".attention.";
        int part = List.of("to_q", "to_k", "to_v").indexOf(name.replaceAll(".*attn1\\.(to_[a-z]+)\\..*", "$1"));
        return part < 0 ? layer + "dense." + matrix + ".0" : layer + "query_key_value." + matrix + "." + part;
    }

    private static LoraStack.Scaled scaled(Path file, double scale) throws IOException {
        return new LoraStack.Scaled(LoraFile.read(file), scale);
    }

    private CogVideoXTransformer3DModel adapted(LoraStack.Scaled... loras) throws IOException {
        try (LoraStack stack = new LoraStack(scope, weights.computeType(), Arrays.asList(loras))) {
            var transformer =
                    new CogVideoXTransformer3DModel(TransformerConfig.read(Reference.CHECKPOINT), weights.with(stack));
            stack.requireAllUsed();
            return transformer;
        }
    }

    private float[] predict(CogVideoXTransformer3DModel transformer) {
        return TensorKernels.toFloats(scope, transformer.forward(scope, golden.firstPass(scope, transformer)));
    }

    private static void assertClose(String what, float[] actual, float[] expected) {
        Reference.assertClose("lora, " + what, actual, expected, TOLERANCE);
    }
}
