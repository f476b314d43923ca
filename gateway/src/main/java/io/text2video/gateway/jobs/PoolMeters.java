package io.text2video.gateway.jobs;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import io.text2video.common.topic.Pool;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;

/** Tells autoscalers how much each pool has to do. Every gateway knows all of it: any one is to be asked. */
@Singleton
class PoolMeters {
    private static final Logger LOG = Logger.getLogger(PoolMeters.class);

    /** Sooner than anybody scrapes. */
    private static final long INTERVAL_MILLISECONDS = 2_000;

    private final JobView view;
    private final MultiGauge jobs;
    private final MultiGauge oldest;
    private final MultiGauge work;
    private final MultiGauge drain;

    PoolMeters(JobView view, MeterRegistry meters) {
        this.view = view;
        jobs = gauge("text2video.queue.jobs", null, "Jobs of a pool that wait for a worker, or that one draws", meters);
        oldest = gauge(
                "text2video.queue.oldest",
                "seconds",
                "Since the oldest job that waits for a pool was asked for",
                meters);
        work = gauge(
                "text2video.queue.work", "seconds", "What all jobs of a pool are expected to take one worker", meters);
        drain = gauge(
                "text2video.queue.drain",
                "seconds",
                "Until a pool's workers that are at work are expected to have done all; NaN where nobody can tell",
                meters);
    }

    void start(@Observes StartupEvent event, Vertx vertx) {
        vertx.setPeriodic(0, INTERVAL_MILLISECONDS, timer -> vertx.executeBlocking(() -> {
                    update();
                    return null;
                })
                .onFailure(failure -> LOG.warnf("the pools' metrics are old cause=%s", failure)));
    }

    private void update() {
        Map<String, PoolOutlook> pools = view.pools();
        List<Row<?>> counts = new ArrayList<>();
        pools.forEach((topic, outlook) -> {
            counts.add(Row.of(tags(topic).and("state", "waiting"), outlook.waiting()));
            counts.add(Row.of(tags(topic).and("state", "running"), outlook.running()));
        });
        jobs.register(counts, true);
        register(oldest, pools, PoolOutlook::oldestSeconds);
        register(work, pools, PoolOutlook::workSeconds);
        register(drain, pools, PoolOutlook::drainSeconds);
    }

    private static void register(
            MultiGauge gauge, Map<String, PoolOutlook> pools, ToDoubleFunction<PoolOutlook> value) {
        List<Row<?>> rows = new ArrayList<>();
        pools.forEach((topic, outlook) -> rows.add(Row.of(tags(topic), value.applyAsDouble(outlook))));
        gauge.register(rows, true);
    }

    private static Tags tags(String topic) {
        return Tags.of("pool", Pool.ofTopic(topic).map(Pool::name).orElse(topic));
    }

    private static MultiGauge gauge(String name, String unit, String description, MeterRegistry meters) {
        return MultiGauge.builder(name).baseUnit(unit).description(description).register(meters);
    }
}
