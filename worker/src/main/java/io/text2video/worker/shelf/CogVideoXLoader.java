package io.text2video.worker.shelf;

import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.VideoPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Loads CogVideoX. */
public final class CogVideoXLoader implements PipelineLoader {
    @Override
    public ModelDescription check(Path directory) throws IOException {
        return ModelDescription.check(directory);
    }

    @Override
    public VideoPipeline load(Path directory, Map<String, Path> loras) throws IOException {
        if (!loras.isEmpty()) {
            throw new IOException("the engine draws with no LoRA yet, but there are %s".formatted(loras.values()));
        }
        return CogVideoXPipeline.load(directory);
    }
}
