package io.text2video.gateway.consumers;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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

    void start(@Observes StartupEvent event, MeterRegistry meters) {
        consumers = subscriptions.stream()
                .map(subscription -> new GroupConsumer(kafka, subscription))
                .toList();
        consumers.forEach(consumer -> register(consumer, meters));
        consumers.forEach(GroupConsumer::start);
    }

    private static void register(GroupConsumer consumer, MeterRegistry meters) {
        Gauge.builder("text2video.records.waiting", consumer, GroupConsumer::waiting)
                .description("Records of the partitions that this gateway reads which are not done, due or not")
                .tag("topic", consumer.topic())
                .register(meters);
        FunctionCounter.builder("text2video.dead.letters", consumer, GroupConsumer::deadLettered)
                .description("Records of a topic that this gateway has sent to the dead letters")
                .tag("topic", consumer.topic())
                .register(meters);
    }

    void stop(@Observes ShutdownEvent event) {
        consumers.forEach(GroupConsumer::close);
    }
}
