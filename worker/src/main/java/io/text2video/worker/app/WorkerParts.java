package io.text2video.worker.app;

import io.quarkus.arc.DefaultBean;
import io.text2video.worker.pipeline.CogVideoXPipeline;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;

/** What a worker is made of unless a test says otherwise. */
@Dependent
class WorkerParts {
    @Produces
    @DefaultBean
    PipelineLoader pipelineLoader() {
        return CogVideoXPipeline::load;
    }
}
