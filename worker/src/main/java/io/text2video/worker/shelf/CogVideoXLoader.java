package io.text2video.worker.shelf;

import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.VideoPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Loads CogVideoX. */
public final class CogVideoXLoader implements PipelineLoader {
    private final boolean vaeTiling;

    /** @param vaeTiling whether the VAE works in tiles: less memory, slightly other pixels */
    public CogVideoXLoader(boolean vaeTiling) {
        this.vaeTiling = vaeTiling;
    }

    @Override
    public ModelDescription check(Path directory) throws IOException {
        return ModelDescription.check(directory);
    }

    @Override
    public VideoPipeline load(Path directory, Map<String, Path> loras) throws IOException {
        return CogVideoXPipeline.load(directory, loras, vaeTiling);
    }
}
