package io.text2video.gateway.jobs;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.text2video.common.job.JobStatus;
import io.text2video.gateway.deliveries.FailingHosts;
import io.text2video.gateway.deliveries.PauseConfig;
import io.text2video.kafka.ServiceThread;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;

/** The application's one view: opened at its start, with gauges of what is in it, and closed when it stops. */
@Dependent
class JobViewProducer {
    /** The gateway's view of the jobs. */
    @ConfigMapping(prefix = "view")
    interface JobViewConfig {
        /** How long a question may wait for the broker, and for the view to read what is on it. Then 503. */
        @WithDefault("5s")
        Duration timeout();
    }

    @Produces
    @Singleton
    JobView open(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            JobViewConfig config,
            RetentionConfig retention,
            PauseConfig pause) {
        return JobView.open(
                kafka, config.timeout(), retention.age(), new FailingHosts(pause.after(), pause.probeInterval()));
    }

    /** Closed by the view. */
    @Produces
    @Singleton
    ServiceThread reader(JobView view) {
        return view.reader();
    }

    void close(@Disposes JobView view) {
        view.close();
    }

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
