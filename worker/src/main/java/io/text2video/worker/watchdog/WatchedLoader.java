package io.text2video.worker.watchdog;

import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.shelf.PipelineLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Loads pipelines whose generations are watched. Loading itself is not: nobody can tell how long a disk may take. */
public final class WatchedLoader implements PipelineLoader {
    private final PipelineLoader loader;
    private final Watchdog watchdog;

    public WatchedLoader(PipelineLoader loader, Watchdog watchdog) {
        this.loader = loader;
        this.watchdog = watchdog;
    }

    @Override
    public ModelDescription check(Path directory) throws IOException {
        return loader.check(directory);
    }

    @Override
    public VideoPipeline load(Path directory, Map<String, Path> loras) throws IOException {
        return new WatchedPipeline(loader.load(directory, loras), watchdog);
    }
}
