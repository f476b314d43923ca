package io.text2video.gateway.app;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Uni;
import io.text2video.common.storage.S3Config;
import io.text2video.common.topic.Pool;
import io.text2video.gateway.storage.VideoStore;
import io.text2video.kafka.FleetConfig;
import io.text2video.kafka.TopicInitializer;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jboss.logging.Logger;

/**
 * Makes the topics and the bucket before anything reads or writes them. A broker or a store that is still on its way up
 * is waited for; one that does not come ends the start.
 */
@ApplicationScoped
class Preparation {
    /** The gateway's start. */
    @ConfigMapping(prefix = "start")
    interface StartConfig {
        /** How long the broker and the object store may each take to answer for the first time. Then the start fails. */
        @WithDefault("60s")
        Duration timeout();
    }

    private static final Logger LOG = Logger.getLogger(Preparation.class);
    /** Messaging starts its channels at {@code LIBRARY_BEFORE}. */
    private static final int BEFORE_MESSAGING = Interceptor.Priority.LIBRARY_BEFORE - 100;

    private final Map<String, Object> kafka;
    private final FleetConfig fleet;
    private final S3Config s3;
    private final VideoStore store;
    private final Duration timeout;

    Preparation(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            FleetConfig fleet,
            S3Config s3,
            VideoStore store,
            StartConfig config) {
        this.kafka = kafka;
        this.fleet = fleet;
        this.s3 = s3;
        this.store = store;
        timeout = config.timeout();
    }

    void prepare(@Observes @Priority(BEFORE_MESSAGING) StartupEvent event) {
        try {
            // The store first: whether there are credentials for it is known at once.
            prepareBucket();
            prepareTopics();
        } catch (RuntimeException e) {
            LOG.errorf("gateway cannot start reason=%s", e.getMessage());
            throw e;
        }
    }

    /** Kafka's client asks again by itself, and logs it. */
    private void prepareTopics() {
        LOG.infof("preparing topics broker=%s", kafka.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(timeout.toMillis()));
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(Math.min(timeout.toMillis(), 30_000)));
        TopicInitializer.initialize(config, fleet.partitions(), fleet.recordLock(), fleet.queue(), Pool.DEFAULT);
    }

    private void prepareBucket() {
        LOG.infof("preparing bucket store=%s bucket=%s", s3.endpoint(), s3.bucket());
        Uni.createFrom()
                .voidItem()
                .invoke(this::makeBucket)
                .onFailure(UncheckedIOException.class)
                .invoke(failure -> LOG.warnf("object store does not answer, waiting reason=%s", failure.getMessage()))
                .onFailure(UncheckedIOException.class)
                .retry()
                .withBackOff(Duration.ofMillis(500), Duration.ofSeconds(5))
                .expireIn(timeout.toMillis())
                .await()
                .indefinitely();
    }

    private void makeBucket() {
        try {
            store.prepare();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
