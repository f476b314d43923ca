package io.text2video.worker.app;

import io.text2video.worker.pipeline.VideoPipeline;
import java.io.IOException;
import java.nio.file.Path;

/** Loads the model a worker runs. */
@FunctionalInterface
interface PipelineLoader {
    /**
     * Loads the checkpoint in {@code directory}.
     *
     * @throws IOException when a file of it is missing or cannot be read
     */
    VideoPipeline load(Path directory) throws IOException;
}
