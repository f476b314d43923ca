package io.text2video.worker.shelf;

import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.files.CacheDirectory;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.PipelineOptions;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.plan.LargestVideo;
import io.text2video.worker.plan.MemoryPlanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Loads CogVideoX. */
public final class CogVideoXLoader implements PipelineLoader {
    private static final Logger LOG = Logger.getLogger(CogVideoXLoader.class);

    private final Supplier<PipelineOptions> options;
    private final boolean previews;

    /** Without previews. */
    public CogVideoXLoader(Supplier<PipelineOptions> options) {
        this(options, false);
    }

    /**
     * For generations that may be looked at.
     *
     * @param options of every model that it loads; asked for with each, as they say which GPUs there are
     * @param previews whether generations can show what their latents look like
     */
    public CogVideoXLoader(Supplier<PipelineOptions> options, boolean previews) {
        this.options = options;
        this.previews = previews;
    }

    @Override
    public ModelDescription check(Path directory) throws IOException {
        PipelineOptions chosen = options.get();
        chosen.cpuPaths().requireUsable();
        return ModelDescription.check(directory, chosen);
    }

    @Override
    public ModelDescription inMemory(Path directory, ModelDescription description) throws IOException {
        MemoryPlanner planner = options.get().planner(CheckpointFiles.open(directory));
        return description.within(new LargestVideo(planner, description.limits()).limits());
    }

    @Override
    public VideoPipeline load(Path directory, Map<String, Path> loras, Interruption interruption) throws IOException {
        PipelineOptions chosen = options.get();
        chosen.warning().ifPresent(warning -> LOG.warnf("%s", warning));
        CogVideoXPipeline pipeline = CogVideoXPipeline.load(directory, loras, chosen, interruption);
        try {
            if (previews) {
                pipeline.prepareLatentPreviews(CacheDirectory.of(System.getenv()), interruption);
            }
            return pipeline;
        } catch (IOException | RuntimeException | Error e) {
            pipeline.close();
            throw e;
        }
    }
}
