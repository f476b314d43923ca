package io.text2video.worker.watchdog;

import io.text2video.worker.kernels.DeviceFailedException;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.FrameSink;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.StepListener;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
        try (var watchdog = new Watchdog(Duration.ZERO, what -> {});
                var pipeline = new WatchedLoader(new FailingPipeline(), watchdog, failure)
                        .load(Path.of(""), Map.of(), Interruption.NONE)) {
            failure.endProcess();
            try {
                pipeline.generate(StubPipeline.CALL, (step, steps) -> System.out.println("step " + step), chunk -> {});
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

    private static final class FailingPipeline extends StubPipeline {
        @Override
        public Generation generate(
                GenerationParameters parameters,
                Checkpoints checkpoints,
                Interruption interruption,
                StepListener listener,
                FrameSink frames) {
            listener.onStep(1, parameters.numInferenceSteps());
            throw new DeviceFailedException("linear: CUDA error: unspecified launch failure", null);
        }

        @Override
        public void close() {
            System.out.println("freed what is on the device");
        }
    }
}
