package io.text2video.worker.watchdog;

import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.FrameSink;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.StepListener;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A process whose third step is a native call that never returns: {@code HangingWorker LIMIT}. */
final class HangingWorker {
    private HangingWorker() {}

    public static void main(String... arguments) throws IOException {
        try (var watchdog = new Watchdog(
                        Duration.parse(arguments[0]),
                        watch -> ProcessEnd.dumpAndHalt(
                                watch.toString(),
                                () -> System.out.println(
                                        "hung " + watch.thread().getName())));
                var pipeline = new WatchedLoader(
                                new HangingPipeline(), watchdog, new DeviceFailure(() -> {}, Duration.ZERO))
                        .load(Path.of(""), Map.of(), Interruption.NONE)) {
            pipeline.generate(StubPipeline.CALL, (step, steps) -> System.out.println("step " + step), chunk -> {});
        }
    }

    private static final class HangingPipeline extends StubPipeline {
        @Override
        public Generation generate(
                GenerationParameters parameters,
                Checkpoints checkpoints,
                Interruption interruption,
                StepListener listener,
                FrameSink frames) {
            listener.onStep(1, parameters.numInferenceSteps());
            listener.onStep(2, parameters.numInferenceSteps());
            try {
                throw new IllegalStateException("nobody writes there: " + System.in.read());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
