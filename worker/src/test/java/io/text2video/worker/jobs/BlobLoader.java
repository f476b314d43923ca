package io.text2video.worker.jobs;

import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.shelf.PipelineLoader;
import java.nio.file.Path;
import java.util.Map;

/** Takes any directory for a checkpoint of {@link BlobPipeline}. */
public final class BlobLoader implements PipelineLoader {
    @Override
    public ModelDescription check(Path directory) {
        return BlobPipeline.FROM_PROMPT;
    }

    @Override
    public VideoPipeline load(Path directory, Map<String, Path> loras, Interruption interruption) {
        return new BlobPipeline(BlobPipeline.FROM_PROMPT, loras.keySet());
    }
}
