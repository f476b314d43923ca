package io.text2video.gateway.batches;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.text2video.gateway.commands.Cancellation;
import io.text2video.gateway.commands.Submission;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.storage.StoredBatches;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The application's work at batches, from its start to its end. */
@Dependent
class BatchWorkProducer {
    /** Many requests at once. */
    @ConfigMapping(prefix = "batch")
    interface BatchConfig {
        /** After how long another gateway goes on with a batch that the one which had it says nothing of any more. */
        @WithDefault("60s")
        Duration takeover();
    }

    void start(@Observes StartupEvent event, BatchWork work) {
        work.start();
    }

    @Produces
    @Singleton
    BatchWork work(
            StoredBatches batches, Submission submission, Cancellation cancellation, JobView view, BatchConfig config) {
        return new BatchWork(batches, submission, cancellation, view, config.takeover());
    }

    void close(@Disposes BatchWork work) {
        work.close();
    }
}
