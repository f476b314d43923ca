package io.text2video.worker.shelf;

import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.VideoPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** How checkpoints become pipelines. */
public interface PipelineLoader {
    /**
     * Looks at the checkpoint in {@code directory} as far as that is possible without loading it.
     *
     * @throws IOException when something of it is missing, malformed or cannot be read
     */
    ModelDescription check(Path directory) throws IOException;

    /**
     * The description within what there is memory for; as it is where nobody can tell.
     *
     * @throws IOException when something of the checkpoint cannot be read
     */
    default ModelDescription inMemory(Path directory, ModelDescription description) throws IOException {
        return description;
    }

    /**
     * Loads the checkpoint in {@code directory}.
     *
     * @param loras id to file of those that may be drawn with
     * @param interruption asked before each weight; what it throws ends the loading
     * @throws IOException when something of it is missing, malformed or cannot be read
     */
    VideoPipeline load(Path directory, Map<String, Path> loras, Interruption interruption) throws IOException;
}
