package io.text2video.gateway.maintenance;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.topic.FleetConfig;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.storage.VideoStore;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;

/** Runs the reaper from the application's start to its end. */
@ApplicationScoped
class Housekeeping {
    private final Map<String, Object> kafka;
    private final JobView view;
    private final Leadership leadership;
    private final VideoStore store;
    private final ReaperConfig config;
    private final MeterRegistry meters;
    private ReaperThread thread;

    Housekeeping(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            JobView view,
            Leadership leadership,
            VideoStore store,
            ReaperConfig config,
            FleetConfig fleet,
            MeterRegistry meters) {
        this.kafka = kafka;
        this.view = view;
        this.leadership = leadership;
        this.store = store;
        this.config = config;
        this.meters = meters;
        requireLonger(config.stale(), fleet.recordLock());
    }

    void start(@Observes StartupEvent event) {
        if (config.enabled()) {
            thread = ReaperThread.start(
                    kafka, view, leadership, store.folders(), meters, config.stale(), config.interval());
        }
    }

    @PreDestroy
    void stop() {
        if (thread != null) {
            thread.close();
        }
    }

    /** A worker that was cut off is given that long by the broker already. */
    private static void requireLonger(Duration stale, Duration recordLock) {
        if (stale.compareTo(recordLock) <= 0) {
            throw new IllegalStateException(
                    "reaper.stale is %s and must be longer than fleet.record-lock, %s; raise it to %s, say"
                            .formatted(stale, recordLock, recordLock.multipliedBy(4)));
        }
    }
}
