package io.text2video.gateway.maintenance;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.text2video.gateway.commands.JobDeletion;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.RetentionConfig;
import io.text2video.gateway.maintenance.MaintenanceConfig.LeadershipConfig;
import io.text2video.gateway.maintenance.MaintenanceConfig.ReaperConfig;
import io.text2video.gateway.storage.FirstAnswers;
import io.text2video.gateway.storage.StoredBatches;
import io.text2video.gateway.storage.StoredEnds;
import io.text2video.gateway.storage.VideoStore;
import io.text2video.kafka.FleetConfig;
import io.text2video.kafka.ServiceThread;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** The application's part in the gateways' group, and what it does when it leads: from its start to its end. */
@Dependent
class Maintenance {
    void start(
            @Observes StartupEvent event,
            Leadership leadership,
            Reaper reaper,
            ReaperConfig config,
            BacklogDispatcher backlog,
            RetentionSweep retention) {
        if (config.enabled()) {
            reaper.start();
        }
        backlog.start();
        retention.start();
    }

    @Produces
    @Singleton
    Leadership leadership(@Identifier("default-kafka-broker") Map<String, Object> kafka, LeadershipConfig config) {
        return Leadership.seek(kafka, config.sessionTimeout());
    }

    @Produces
    @Singleton
    Reaper reaper(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            JobView view,
            Leadership leadership,
            VideoStore store,
            ReaperConfig config,
            FleetConfig fleet,
            MeterRegistry meters) {
        requireLonger(config.stale(), fleet.recordLock());
        return new Reaper(kafka, view, leadership, store.folders(), meters, config.stale(), config.interval());
    }

    @Produces
    @Singleton
    BacklogDispatcher backlog(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            JobView view,
            Leadership leadership,
            MeterRegistry meters) {
        return new BacklogDispatcher(kafka, view, leadership, meters);
    }

    @Produces
    @Singleton
    RetentionSweep retention(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            JobView view,
            Leadership leadership,
            JobDeletion deletion,
            StoredEnds ends,
            FirstAnswers answers,
            StoredBatches batches,
            RetentionConfig config,
            MeterRegistry meters) {
        var expired = new ExpiredRequests(Admin.create(kafka));
        return new RetentionSweep(
                view,
                leadership::isLeader,
                deletion,
                ends,
                answers,
                batches,
                expired,
                config,
                Clock.systemUTC(),
                meters);
    }

    void close(@Disposes ServiceThread thread) {
        thread.close();
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
