package io.text2video.worker.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.config.PipelineConfig;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.Generator;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.QuantizationKernels;
import io.text2video.worker.kernels.QuantizationKernels.Quantized;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.CogVideoXTransformer3DModel.Pass;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.Scheme;
import io.text2video.worker.weights.LayerAdapter;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What quantizing one kind of layer, and no other, does to what a network computes: the norm of the difference by the norm
 * of the result. Prints a table; -Dtext2video.quantized=DIR takes another checkpoint than the tiny one.
 */
class QuantizationErrorTest {
    private static final Path MODEL =
            Path.of(System.getProperty("text2video.quantized", Reference.TINY_CHECKPOINT.toString()));

    private static final List<Scheme> SCHEMES = List.of(Scheme.INT8WO, Scheme.INT8, Scheme.FP8);

    /** Kinds whose products many tokens share; then those that are left as floats. */
    private static final List<String> TRANSFORMER = List.of(
            "attn1.to_q",
            "attn1.to_k",
            "attn1.to_v",
            "attn1.to_out.0",
            "ff.net.0.proj",
            "ff.net.2",
            "norm1.linear",
            "norm2.linear",
            "norm_out.linear",
            "time_embedding.linear_1",
            "time_embedding.linear_2",
            "patch_embed.text_proj",
            "proj_out");

    private static final List<String> TEXT_ENCODER = List.of(
            "SelfAttention.q",
            "SelfAttention.k",
            "SelfAttention.v",
            "SelfAttention.o",
            "DenseReluDense.wi_0",
            "DenseReluDense.wi_1",
            "DenseReluDense.wo");

    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();

    @AfterEach
    void free() {
        kernels.close();
    }

    @Test
    void shouldKeepTheTextEncoderClose() throws IOException {
        PipelineConfig config = PipelineConfig.read(MODEL);
        measure(Component.TEXT_ENCODER, TEXT_ENCODER, 0.15, weights -> {
            try {
                return new T5EncoderModel(config.textEncoder(), weights).forward(scope, ids());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void shouldKeepThePredictionClose() throws IOException {
        PipelineConfig config = PipelineConfig.read(MODEL);
        Tensor text;
        try (Weights weights = open(Component.TEXT_ENCODER)) {
            text = new T5EncoderModel(config.textEncoder(), weights).forward(scope, ids());
        }
        int size = Math.min(config.transformer().sampleHeight(), 16);
        Tensor latents = random(5, config.transformer().inChannels(), size, size);
        measure(Component.TRANSFORMER, TRANSFORMER, 0.05, weights -> {
            try {
                var transformer = new CogVideoXTransformer3DModel(config.transformer(), weights);
                return transformer.forward(
                        scope, new Pass(latents, text, 500, transformer.positions(scope, latents.size(1), size, size)));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void measure(Component component, List<String> kinds, double bound, Function<Weights, Tensor> run)
            throws IOException {
        try (Weights weights = open(component)) {
            float[] exact = TensorKernels.toFloats(scope, run.apply(weights));
            System.out.printf("%s of %s%n", component.label(), MODEL.getFileName());
            System.out.printf("  %-26s %9s %9s %9s%n", "quantized", "int8wo", "int8", "fp8");
            List<String> rows = new ArrayList<>(kinds);
            rows.add("all that are");
            for (String kind : rows) {
                double[] errors = new double[SCHEMES.size()];
                for (int i = 0; i < errors.length; i++) {
                    Function<String, Boolean> chosen = kind.equals("all that are")
                            ? layer -> component.quantizes(layer, 512, 512)
                            : Pattern.compile("(.*\\.)?" + Pattern.quote(kind)).asMatchPredicate()::test;
                    Weights some = weights.with(quantizing(chosen, SCHEMES.get(i)));
                    errors[i] = error(TensorKernels.toFloats(scope, run.apply(some)), exact);
                    // Then
                    assertThat(errors[i])
                            .as("error of %s as %s", kind, SCHEMES.get(i))
                            .isBetween(1e-6, bound);
                }
                System.out.printf(
                        "  %-26s %8.3f%% %8.3f%% %8.3f%%%n", kind, 100 * errors[0], 100 * errors[1], 100 * errors[2]);
            }
        }
    }

    private LayerAdapter quantizing(Function<String, Boolean> chosen, Scheme scheme) {
        return (layer, base, shape) -> {
            if (!chosen.apply(layer) || shape.length != 2) {
                return base;
            }
            Tensor noBias = TensorKernels.ofFloats(scope, new float[0], 0);
            Quantized made = QuantizationKernels.quantize(scope, base.parts().get(0), scheme.codes());
            return LayerWeight.quantized(
                    made.codes(),
                    base.parts().size() > 1 ? base.parts().get(1) : noBias,
                    scheme.roundsInputs() ? TensorKernels.reshape(scope, made.scale(), shape[0]) : made.scale());
        };
    }

    private Weights open(Component component) throws IOException {
        return Reference.weights(scope, MODEL, component, DType.F32);
    }

    private static long[] ids() {
        return LongStream.range(0, 32).map(i -> 3 + i * i % 500).toArray();
    }

    private Tensor random(long frames, long channels, long height, long width) {
        try (Generator generator = Generator.seeded(scope, 0)) {
            return generator.randn(scope, DType.F32, 1, frames, channels, height, width);
        }
    }

    private static double error(float[] actual, float[] exact) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < exact.length; i++) {
            difference += Math.pow((double) actual[i] - exact[i], 2);
            norm += Math.pow(exact[i], 2);
        }
        return Math.sqrt(difference / norm);
    }
}
