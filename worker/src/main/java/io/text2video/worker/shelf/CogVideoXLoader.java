package io.text2video.worker.shelf;

import io.text2video.worker.kernels.CpuFeatures;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.PipelineOptions;
import io.text2video.worker.pipeline.VideoPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jboss.logging.Logger;

/** Loads CogVideoX. */
public final class CogVideoXLoader implements PipelineLoader {
    private static final Logger LOG = Logger.getLogger(CogVideoXLoader.class);

    private final PipelineOptions options;

    /** @param options of every model that it loads */
    public CogVideoXLoader(PipelineOptions options) {
        this.options = options;
    }

    @Override
    public ModelDescription check(Path directory) throws IOException {
        options.cpuPaths().requireUsable();
        return ModelDescription.check(directory, options);
    }

    @Override
    public VideoPipeline load(Path directory, Map<String, Path> loras) throws IOException {
        options.computeType()
                .flatMap(type -> type.warning(CpuFeatures.ofThisMachine()))
                .ifPresent(warning -> LOG.warnf("%s", warning));
        return CogVideoXPipeline.load(directory, loras, options);
    }
}
