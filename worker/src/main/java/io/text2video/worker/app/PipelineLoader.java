package io.text2video.worker.app;

import io.text2video.worker.pipeline.VideoPipeline;
import java.io.IOException;
import java.nio.file.Path;

/** Loads the model a worker runs. */
@FunctionalInterface
interface PipelineLoader {
    /** @throws IOException when a file of the checkpoint is missing or cannot be read */
    VideoPipeline load(Path directory) throws IOException;
}
