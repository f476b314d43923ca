package io.text2video.worker.watchdog;

import io.text2video.worker.kernels.DeviceFailedException;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.shelf.PipelineLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Loads pipelines whose generations are watched. How long loading takes is not: nobody can tell of a disk. That the device
 * fails is seen in both.
 */
public final class WatchedLoader implements PipelineLoader {
    private final PipelineLoader loader;
    private final Watchdog watchdog;
    private final DeviceFailure deviceFailure;

    public WatchedLoader(PipelineLoader loader, Watchdog watchdog, DeviceFailure deviceFailure) {
        this.loader = loader;
        this.watchdog = watchdog;
        this.deviceFailure = deviceFailure;
    }

    @Override
    public ModelDescription check(Path directory) throws IOException {
        return loader.check(directory);
    }

    @Override
    public VideoPipeline load(Path directory, Map<String, Path> loras, Interruption interruption) throws IOException {
        try {
            return new WatchedPipeline(loader.load(directory, loras, interruption), watchdog, deviceFailure);
        } catch (DeviceFailedException e) {
            deviceFailure.happen(e);
            throw e;
        }
    }
}
