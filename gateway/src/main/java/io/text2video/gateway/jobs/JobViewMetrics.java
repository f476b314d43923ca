package io.text2video.gateway.jobs;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.text2video.common.job.JobStatus;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Opens the view at the start and shows what is in it. */
@ApplicationScoped
class JobViewMetrics {
    void register(@Observes StartupEvent event, JobView view, MeterRegistry meters) {
        for (JobStatus status : JobStatus.values()) {
            Gauge.builder("text2video.jobs", view, jobs -> jobs.count(status))
                    .description("Jobs by status, in this gateway's view")
                    .tag("status", status.wireName())
                    .register(meters);
        }
        Gauge.builder("text2video.view.lag", view, JobView::lag)
                .description("Records that this gateway's view has not read yet")
                .register(meters);
    }
}
