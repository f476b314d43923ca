package io.text2video.worker.watchdog;

import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.kernels.Device;
import io.text2video.worker.kernels.DeviceFailedException;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.PipelineOptions;
import io.text2video.worker.shelf.CogVideoXLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A process that draws on a GPU, which the environment lets break: {@code BreakingGpu MODEL}. */
final class BreakingGpu {
    private BreakingGpu() {}

    public static void main(String... arguments) throws IOException {
        var failure = new DeviceFailure(() -> System.out.println("stops"), Duration.ofHours(1));
        var call = new GenerationParameters("a ball", "", 5, 6, false, 0, 64, 64, 9, 8, 1, List.of(), null);
        var loader = new CogVideoXLoader(() -> PipelineOptions.DEFAULT.on(DeviceChoice.unasked(Device.cuda(0))));
        try (var watchdog = new Watchdog(Duration.ZERO, what -> {});
                var pipeline = new WatchedLoader(loader, watchdog, failure)
                        .load(Path.of(arguments[0]), Map.of(), Interruption.NONE)) {
            try {
                pipeline.generate(call, (step, steps) -> System.out.println("step " + step), chunk -> {});
                System.out.println("drawn");
            } catch (DeviceFailedException e) {
                System.out.println("job released: "
                        + e.getMessage()
                                .lines()
                                .filter(line -> line.contains("CUDA error"))
                                .findFirst());
            }
            failure.endProcess();
        }
    }
}
