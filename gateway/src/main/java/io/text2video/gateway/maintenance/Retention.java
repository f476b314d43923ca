package io.text2video.gateway.maintenance;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.text2video.gateway.commands.JobDeletion;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.RetentionConfig;
import io.text2video.gateway.storage.StoredEnds;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/** Sweeps at intervals, on a thread of its own, from the application's start to its end. */
@ApplicationScoped
class Retention {
    private static final long CLOSE_SECONDS = 10;

    private final RetentionConfig config;
    private final Admin admin;
    private final RetentionSweep sweep;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "retention"));

    Retention(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            JobView view,
            Leadership leadership,
            JobDeletion deletion,
            StoredEnds ends,
            RetentionConfig config,
            MeterRegistry meters) {
        this.config = requireSensible(config);
        admin = Admin.create(kafka);
        sweep = new RetentionSweep(
                view,
                leadership::isLeader,
                deletion,
                ends,
                new ExpiredRequests(admin),
                config.age(),
                config.tidyAfter(),
                config.batch(),
                Clock.systemUTC(),
                meters);
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    void start(@Observes StartupEvent event) {
        long millis = config.interval().toMillis();
        thread.scheduleWithFixedDelay(sweep::sweep, millis, millis, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void stop() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        admin.close(Duration.ZERO);
    }

    private static RetentionConfig requireSensible(RetentionConfig config) {
        if (config.age().isNegative()
                || config.tidyAfter().isNegative()
                || config.interval().toMillis() < 1
                || config.batch() < 1) {
            throw new IllegalStateException(
                    "retention.age is %s, retention.tidy-after %s, retention.interval %s and retention.batch %d; the age must be"
                                    .formatted(config.age(), config.tidyAfter(), config.interval(), config.batch())
                            + " 0 (keep for ever) or more, the time to tidy 0 or more, the interval 1 ms at least and the batch"
                            + " 1 at least");
        }
        return config;
    }
}
