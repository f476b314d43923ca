package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.CogVideoXTransformer3DModel;
import io.text2video.worker.weights.WeightMismatchException;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Networks that are given up and loaded again. */
class ResidentTest {
    private Components components;

    @BeforeEach
    void load() throws IOException {
        components = components(PipelineOptions.DEFAULT);
    }

    @AfterEach
    void close() {
        components.close();
    }

    @Test
    void shouldComputeTheSameAfterItWasReleased() {
        // Given
        float[] before = encoded();

        // When
        components.textEncoder().release();

        // Then
        assertThat(encoded()).isEqualTo(before);
    }

    @Test
    void shouldBeLoadedUntilItIsReleasedAndAgainWhenItIsAcquired() {
        // Given
        Object first = components.vae().acquire(Interruption.NONE);
        assertThat(components.vae().acquire(Interruption.NONE)).isSameAs(first);

        // When
        components.vae().release();

        // Then
        assertThat(components.vae().isLoaded()).isFalse();
        assertThat(components.vae().acquire(Interruption.NONE)).isNotSameAs(first);
        assertThat(components.vae().isLoaded()).isTrue();
    }

    @Test
    void shouldReleaseAnAdaptedNetworkWithWhatItIsMadeFromAndMakeItAnew() {
        // Given a network on another one's weights
        var adapted = components.transformer().adapted(owner -> {
            Weights shared = components.transformer().weights();
            return new Resident.Loaded<>(
                    new CogVideoXTransformer3DModel(components.transformerConfig(), shared), shared);
        });
        Object first = adapted.acquire(Interruption.NONE);
        assertThat(adapted.acquire(Interruption.NONE)).isSameAs(first);

        // When the other one is released behind its back
        components.transformer().release();

        // Then it is not built on weights that are gone
        assertThat(adapted.acquire(Interruption.NONE)).isNotSameAs(first);
        adapted.release();
        assertThat(adapted.isLoaded()).isFalse();
        assertThat(components.transformer().isLoaded()).isFalse();
    }

    @Test
    void shouldOwnNothingWhereItDoesNotLoad() {
        try (Kernels kernels = Kernels.load()) {
            assertThatThrownBy(() -> Resident.load(
                            kernels,
                            Interruption.NONE,
                            owner -> Reference.weights(owner, "vae"),
                            weights -> weights.tensor("absent", 1)))
                    .isInstanceOf(WeightMismatchException.class);
        }
    }

    private float[] encoded() {
        try (MemoryScope scope = components.kernels().openScope()) {
            long[] ids = components.tokenizer().encodePadded("a red ball", 16);
            return TensorKernels.toFloats(
                    scope, components.textEncoder().acquire(Interruption.NONE).forward(scope, ids));
        }
    }

    private static Components components(PipelineOptions options) throws IOException {
        CheckpointFiles files = CheckpointFiles.open(Reference.TINY_CHECKPOINT);
        return Components.load(files, LoadingPlan.of(files, options), Interruption.NONE);
    }
}
