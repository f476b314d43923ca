package io.text2video.kafka;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What gateways and workers must agree on. */
@ConfigMapping(prefix = "fleet")
public interface FleetConfig {
    /**
     * Of each topic that does not exist yet, but for {@code video.models}, which has one, and those of requests: they have
     * one with share groups, and with a consumer group so many, which is how many workers of a pool can work at once.
     */
    @WithDefault("4")
    int partitions();

    /** How long a worker that has gone silent keeps its job. It renews every third of this. */
    @WithDefault("30s")
    Duration recordLock();

    /** How workers take their jobs: {@code auto}, {@code share-group} or {@code consumer-group}. */
    @WithDefault("auto")
    QueueChoice queue();
}
