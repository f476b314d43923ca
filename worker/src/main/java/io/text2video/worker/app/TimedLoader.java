package io.text2video.worker.app;

import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.shelf.PipelineLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells how long models take to load.
 *
 * @param times of those that did
 */
record TimedLoader(PipelineLoader loader, Consumer<Duration> times) implements PipelineLoader {
    @Override
    public ModelDescription check(Path directory) throws IOException {
        return loader.check(directory);
    }

    @Override
    public VideoPipeline load(Path directory, Map<String, Path> loras, Interruption interruption) throws IOException {
        long begun = System.nanoTime();
        VideoPipeline pipeline = loader.load(directory, loras, interruption);
        times.accept(Duration.ofNanos(System.nanoTime() - begun));
        return pipeline;
    }
}
