package io.text2video.worker.shelf;

import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.PipelineOptions;
import io.text2video.worker.pipeline.VideoPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Loads CogVideoX. */
public final class CogVideoXLoader implements PipelineLoader {
    private final PipelineOptions options;

    /** @param options of every model that it loads */
    public CogVideoXLoader(PipelineOptions options) {
        this.options = options;
    }

    @Override
    public ModelDescription check(Path directory) throws IOException {
        return ModelDescription.check(directory);
    }

    @Override
    public VideoPipeline load(Path directory, Map<String, Path> loras) throws IOException {
        return CogVideoXPipeline.load(directory, loras, options);
    }
}
