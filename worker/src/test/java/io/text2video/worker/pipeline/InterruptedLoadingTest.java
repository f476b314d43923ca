package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkpoint whose loading is interrupted between two of its tensors. */
class InterruptedLoadingTest {
    private static final Path MODEL = Reference.TINY_CHECKPOINT;

    private int asked;
    private int most = Integer.MAX_VALUE;

    @Test
    void shouldAskBeforeEachTensor() throws IOException {
        CheckpointFiles files = CheckpointFiles.open(MODEL);
        int tensors = 0;
        for (Component component : Component.values()) {
            tensors += files.weights(component).tensors().size();
        }

        load().close();

        assertThat(asked).isGreaterThanOrEqualTo(tensors);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 0.6, 0.9})
    void shouldReadNothingAfterItIsInterrupted(double part) throws IOException {
        // Given
        load().close();
        most = (int) (part * asked);
        asked = 0;

        // When
        assertThatThrownBy(this::load).isInstanceOf(CancellationException.class).hasMessage("enough");

        // Then
        assertThat(asked).isEqualTo(most);
    }

    @Test
    void shouldForgetWhoeverHadItLoaded() throws IOException {
        GenerationParameters call = TinyCheckpointTest.call(2, 7);
        try (CogVideoXPipeline pipeline = load()) {
            // Given a job that had it loaded, and is cancelled
            most = asked;

            // When another one draws
            Generation drawn =
                    pipeline.generate(call, Checkpoints.NONE, Interruption.NONE, StepListener.NONE, FrameSink.NONE);

            // Then it does
            assertThat(drawn.frames()).isEqualTo(call.numFrames());
        }
    }

    @Test
    void shouldLeaveANetworkReleasedWhoseLoadingIsInterrupted() throws IOException {
        CheckpointFiles files = CheckpointFiles.open(MODEL);
        try (Components components =
                Components.load(files, LoadingPlan.of(files, PipelineOptions.DEFAULT), Interruption.NONE)) {
            components.vae().release();
            most = 3;

            assertThatThrownBy(() -> components.vae().acquire(this::check)).isInstanceOf(CancellationException.class);

            assertThat(components.vae().isLoaded()).isFalse();
            assertThat(components.vae().acquire(Interruption.NONE)).isNotNull();
        }
    }

    private CogVideoXPipeline load() throws IOException {
        return CogVideoXPipeline.load(
                MODEL, Map.of(), new PipelineOptions(Optional.empty(), Optional.empty(), false), this::check);
    }

    private void check(String kernel) {
        if (asked == most) {
            throw new CancellationException("enough");
        }
        asked++;
    }
}
