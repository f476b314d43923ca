package io.text2video.gateway.consumers;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/**
 * The application's members of groups, one for each {@link Subscription}. They are closed before any bean is destroyed: what was
 * begun is done while all that it needs is there.
 */
@Singleton
public class GroupConsumers {
    private final Map<String, Object> kafka;
    private final Instance<Subscription> subscriptions;
    private volatile List<GroupConsumer> consumers = List.of();

    GroupConsumers(
            @Identifier("default-kafka-broker") Map<String, Object> kafka, @Any Instance<Subscription> subscriptions) {
        this.kafka = kafka;
        this.subscriptions = subscriptions;
    }

    /** Those that were started. */
    public List<GroupConsumer> all() {
        return consumers;
    }

    void start(@Observes StartupEvent event) {
        consumers = subscriptions.stream()
                .map(subscription -> new GroupConsumer(kafka, subscription))
                .toList();
        consumers.forEach(GroupConsumer::start);
    }

    void stop(@Observes ShutdownEvent event) {
        consumers.forEach(GroupConsumer::close);
    }
}
