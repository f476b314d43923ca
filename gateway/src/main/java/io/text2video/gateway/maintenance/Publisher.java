package io.text2video.gateway.maintenance;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Publishes what every replica in sync is to have before anything follows from it. Owns a producer. Thread-safe. */
final class Publisher implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaProducer<byte[], byte[]> producer;

    /** @param kafka client configuration, {@code bootstrap.servers} at least */
    Publisher(Map<String, Object> kafka) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Publishes them in their order, each when the one before is safe.
     *
     * @throws IOException when the broker does not take one
     */
    void publish(List<ProducerRecord<byte[], byte[]>> records) throws IOException {
        for (ProducerRecord<byte[], byte[]> record : records) {
            try {
                Future<RecordMetadata> sent = producer.send(record);
                sent.get();
            } catch (ExecutionException | KafkaException e) {
                throw new IOException(
                        "the broker does not take a record on %s: %s".formatted(record.topic(), e.getMessage()), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
