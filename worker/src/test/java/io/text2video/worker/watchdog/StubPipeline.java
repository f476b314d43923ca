package io.text2video.worker.watchdog;

import io.text2video.worker.jobs.BlobPipeline;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.Truncation;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.shelf.PipelineLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A pipeline without a model, and its own loader: whoever extends it says how it generates. */
abstract class StubPipeline implements VideoPipeline, PipelineLoader {
    /** Five steps. */
    static final GenerationParameters CALL =
            new GenerationParameters("a ball", "", 5, 6, false, 0, 64, 64, 9, 8, 1, List.of(), null);

    @Override
    public ModelDescription check(Path directory) {
        return BlobPipeline.FROM_PROMPT;
    }

    @Override
    public VideoPipeline load(Path directory, Map<String, Path> loras, Interruption interruption) {
        return this;
    }

    @Override
    public Truncation truncation(String prompt) {
        return Truncation.NONE;
    }

    @Override
    public void validate(GenerationParameters parameters) {}

    @Override
    public void prepare(GenerationParameters parameters, Interruption interruption) {}

    @Override
    public void close() {}
}
