package io.text2video.worker.watchdog;

import io.text2video.worker.jobs.BlobPipeline;
import io.text2video.worker.kernels.DeviceFailedException;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A process whose device fails in the second step: {@code FailingDevice LIMIT ends|hangs}, and then what is left to do comes to
 * its end, or does not.
 */
final class FailingDevice {
    private FailingDevice() {}

    public static void main(String... arguments) throws IOException, InterruptedException {
        var stopped = new CountDownLatch(1);
        var failure = new DeviceFailure(stopped::countDown, Duration.parse(arguments[0]));
        var parameters = new GenerationParameters("a ball", "", 5, 6, false, 0, 64, 64, 9, 8, 1, List.of(), null);
        try (var watchdog = new Watchdog(Duration.ZERO, what -> {});
                var pipeline = new WatchedLoader(new Loader(), watchdog, failure).load(Path.of(""), Map.of())) {
            failure.endProcess();
            try {
                pipeline.generate(parameters, (step, steps) -> System.out.println("step " + step), chunk -> {});
            } catch (DeviceFailedException e) {
                System.out.println("job released: " + e.getMessage());
            }
            stopped.await();
            if (arguments[1].equals("hangs")) {
                new CountDownLatch(1).await();
            }
            failure.endProcess();
        }
    }

    private static final class Loader implements PipelineLoader {
        @Override
        public ModelDescription check(Path directory) {
            return BlobPipeline.FROM_PROMPT;
        }

        @Override
        public VideoPipeline load(Path directory, Map<String, Path> loras) {
            return new FailingPipeline();
        }
    }

    private static final class FailingPipeline implements VideoPipeline {
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
            throw new DeviceFailedException("linear: CUDA error: unspecified launch failure", null);
        }

        @Override
        public void close() {
            System.out.println("freed what is on the device");
        }
    }
}
