package io.text2video.standalone.deadletters;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends dead letters again. Owns a producer. */
public final class Replayer implements AutoCloseable {
    private static final int PATIENCE_MS = 30_000;
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaProducer<byte[], byte[]> producer;

    /** @param kafka client configuration, {@code bootstrap.servers} at least */
    public Replayer(Map<String, Object> kafka) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, PATIENCE_MS);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS / 2);
        producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Returns when every replica in sync has it.
     *
     * @throws IOException when the broker does not take it
     */
    public void send(Replay replay) throws IOException {
        try {
            RecordMetadata sent = producer.send(replay.record()).get();
            if (sent == null) {
                throw new IOException("the broker did not say where " + replay.to() + " is");
            }
        } catch (ExecutionException | KafkaException e) {
            throw new IOException("the broker does not take %s: %s".formatted(replay.to(), e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
