package io.text2video.worker.app;

import io.quarkus.arc.DefaultBean;
import io.text2video.worker.shelf.CogVideoXLoader;
import io.text2video.worker.shelf.PipelineLoader;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;

/** What a worker is made of unless a test says otherwise. */
@Dependent
class WorkerParts {
    @Produces
    @DefaultBean
    PipelineLoader pipelineLoader(WorkerConfig config) {
        return new CogVideoXLoader(config::pipelineOptions, config.previews());
    }
}
