package io.text2video.worker.watchdog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MINUTE;

import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.FrameSink;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.StepListener;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Generations of one long step, by what their kernels do. */
@Tag("slow")
class WatchedPipelineTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final List<String> stalled = new CopyOnWriteArrayList<>();

    @Test
    void shouldLeaveAloneAStepThatTakesManyTimesTheLimit() throws IOException {
        // Given a step of kernels that each take a tenth of the limit
        Consumer<Interruption> step = interruption -> {
            for (int i = 0; i < 35; i++) {
                interruption.check("attention_band");
                pause(LIMIT.dividedBy(10));
            }
        };

        // When
        generate(step, Interruption.NONE);

        // Then
        assertThat(stalled).isEmpty();
    }

    @Test
    void shouldSayWhichKernelHangs() throws IOException {
        // Given a step whose second kernel does not return
        Consumer<Interruption> step = interruption -> {
            interruption.check("ada_layer_norm_zero");
            interruption.check("joint_attention");
            await().atMost(ONE_MINUTE).until(() -> !stalled.isEmpty());
        };

        // When
        generate(step, Interruption.NONE);

        // Then
        assertThat(stalled).containsExactly("generation, kernel joint_attention, on thread main");
    }

    @Test
    void shouldHandOnTheInterruption() {
        Interruption cancelled = kernel -> {
            throw new CancellationException("before " + kernel);
        };

        assertThatThrownBy(() -> generate(interruption -> interruption.check("joint_attention"), cancelled))
                .isInstanceOf(CancellationException.class)
                .hasMessage("before joint_attention");
    }

    private void generate(Consumer<Interruption> step, Interruption interruption) throws IOException {
        var failure = new DeviceFailure(() -> {}, Duration.ZERO);
        try (var watchdog = new Watchdog(LIMIT, watch -> stalled.add(watch.toString()));
                VideoPipeline pipeline = new WatchedLoader(new SteppingPipeline(step), watchdog, failure)
                        .load(Path.of(""), Map.of(), Interruption.NONE)) {
            pipeline.generate(StubPipeline.CALL, Checkpoints.NONE, interruption, StepListener.NONE, FrameSink.NONE);
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class SteppingPipeline extends StubPipeline {
        private final Consumer<Interruption> step;

        SteppingPipeline(Consumer<Interruption> step) {
            this.step = step;
        }

        @Override
        public Generation generate(
                GenerationParameters parameters,
                Checkpoints checkpoints,
                Interruption interruption,
                StepListener listener,
                FrameSink frames) {
            step.accept(interruption);
            return new Generation(parameters.numFrames(), Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);
        }
    }
}
