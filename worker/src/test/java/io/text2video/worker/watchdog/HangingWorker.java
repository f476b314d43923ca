package io.text2video.worker.watchdog;

import io.text2video.worker.jobs.BlobPipeline;
import io.text2video.worker.pipeline.FrameSink;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.StepListener;
import io.text2video.worker.pipeline.Truncation;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.shelf.PipelineLoader;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A process whose third step is a native call that never returns: {@code HangingWorker LIMIT}. */
final class HangingWorker {
    private HangingWorker() {}

    public static void main(String... arguments) throws IOException {
        var parameters = new GenerationParameters("a ball", "", 5, 6, false, 0, 64, 64, 9, 8, 1, List.of(), null);
        try (var watchdog = new Watchdog(Duration.parse(arguments[0]), ProcessEnd::dumpAndHalt);
                var pipeline = new WatchedLoader(new Loader(), watchdog, new DeviceFailure(() -> {}, Duration.ZERO))
                        .load(Path.of(""), Map.of())) {
            pipeline.generate(parameters, (step, steps) -> System.out.println("step " + step), chunk -> {});
        }
    }

    private static final class Loader implements PipelineLoader {
        @Override
        public ModelDescription check(Path directory) {
            return BlobPipeline.FROM_PROMPT;
        }

        @Override
        public VideoPipeline load(Path directory, Map<String, Path> loras) {
            return new HangingPipeline();
        }
    }

    private static final class HangingPipeline implements VideoPipeline {
        @Override
        public Truncation truncation(String prompt) {
            return Truncation.NONE;
        }

        @Override
        public void validate(GenerationParameters parameters) {}

        @Override
        public void prepare(GenerationParameters parameters) {}

        @Override
        public Generation generate(
                GenerationParameters parameters, Checkpoints checkpoints, StepListener listener, FrameSink frames) {
            listener.onStep(1, parameters.numInferenceSteps());
            listener.onStep(2, parameters.numInferenceSteps());
            try {
                throw new IllegalStateException("nobody writes there: " + System.in.read());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {}
    }
}
