package io.text2video.gateway.commands;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.text2video.kafka.ReliablePublisher;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Publishes records about jobs, on the worker pool. */
@ApplicationScoped
class EndPublisher {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Of one record: a client waits. */
    private static final int DELIVERY_TIMEOUT_MS = 4_000;

    private final ReliablePublisher publisher;

    EndPublisher(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS - 1_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        publisher = new ReliablePublisher(config);
    }

    /**
     * Sends one after the other, each when every in-sync replica has the one before. Fails with {@link
     * BrokerUnavailableException}, after which any of them may or may not be there.
     */
    Uni<Void> publish(List<ProducerRecord<byte[], byte[]>> records) {
        return Uni.createFrom()
                .voidItem()
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .invoke(() -> publisher.publish(records))
                .ifNoItem()
                .after(TIMEOUT)
                .fail()
                .onFailure()
                .transform(failure -> new BrokerUnavailableException("the job's end", failure));
    }

    @PreDestroy
    void close() {
        publisher.close();
    }
}
