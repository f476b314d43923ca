package io.text2video.worker.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.CogVideoXTransformer3DModel.Pass;
import io.text2video.worker.model.CogVideoXTransformer3DModel.Positions;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps of every kind of transformer, with a cache and without. */
class CachedTransformerTest {
    private static final double[] TIMESTEPS = {999, 700, 400, 100};

    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();

    @AfterEach
    void free() {
        kernels.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2b", "5b", "1.5", "i2v", "1.5-i2v"})
    void shouldComputeTheFirstAndTheLastStepAloneAtAHugeThreshold(String kind) throws IOException {
        // Given
        List<float[]> alone = steps(kind, 0);

        // When
        List<float[]> cached = steps(kind, Double.MAX_VALUE);

        // Then
        assertThat(cached.get(0)).isEqualTo(alone.get(0));
        assertThat(cached.get(1)).isNotEqualTo(alone.get(1));
        assertThat(cached.get(2)).isNotEqualTo(alone.get(2)).isNotEqualTo(cached.get(1));
        assertThat(cached.get(3)).isEqualTo(alone.get(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2b", "5b", "1.5", "i2v", "1.5-i2v"})
    void shouldComputeTheSameAtATinyThreshold(String kind) throws IOException {
        assertThat(steps(kind, Double.MIN_VALUE)).containsExactlyElementsOf(steps(kind, 0));
    }

    private Tensor twice(Tensor x) {
        return TensorKernels.concat(scope, List.of(x, x), 0);
    }

    private List<float[]> steps(String kind, double threshold) throws IOException {
        Reference golden = Reference.golden(kind);
        CogVideoXTransformer3DModel transformer;
        try (Weights weights = Reference.weights(scope, kind, TransformerConfig.FOLDER)) {
            transformer = new CogVideoXTransformer3DModel(TransformerConfig.read(Reference.checkpoint(kind)), weights);
        }
        Tensor text = twice(golden.tensor(scope, "prompt_embeds"));
        Tensor latents = golden.tensor(scope, "transformer_input.0");
        Positions positions = transformer.positions(scope, latents.size(1), latents.size(3), latents.size(4));
        List<float[]> outputs = new ArrayList<>();
        try (StepCache cache = StepCache.of(scope, threshold, TIMESTEPS.length)) {
            for (double timestep : TIMESTEPS) {
                Tensor output = transformer.forward(
                        scope, new Pass(latents, text, timestep, positions, cache, Integer.MAX_VALUE));
                outputs.add(TensorKernels.toFloats(scope, output));
            }
            assertThat(cache.reusedSteps()).isEqualTo(threshold > 1 ? 2 : 0);
        }
        return outputs;
    }
}
