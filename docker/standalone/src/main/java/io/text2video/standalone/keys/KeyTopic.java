package io.text2video.standalone.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.access.ApiKey;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.kafka.PublicationException;
import io.text2video.kafka.ReliablePublisher;
import io.text2video.kafka.TopicInitializer;
import io.text2video.kafka.TopicScan;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Reads and writes {@code video.keys}. */
public final class KeyTopic {
    private static final int TIMEOUT_MS = 30_000;
    private static final String NAME = Topic.KEYS.topicName();

    private final Map<String, Object> kafka;

    /** @param kafka client configuration, {@code bootstrap.servers} at least */
    public KeyTopic(Map<String, Object> kafka) {
        this.kafka = new HashMap<>(kafka);
        this.kafka.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        this.kafka.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS / 2);
        this.kafka.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MS);
        this.kafka.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    }

    /**
     * All keys that are not revoked, by their tenants, then the oldest first.
     *
     * @throws IOException when the broker does not answer
     */
    public List<ApiKey> all() throws IOException {
        Map<String, ApiKey> keys = new HashMap<>();
        try {
            TopicScan.readToEnd(kafka, NAME, Duration.ofMillis(TIMEOUT_MS), record -> {
                String hash = record.key() == null ? "" : new String(record.key(), UTF_8);
                keys.remove(hash);
                try {
                    if (record.value() != null) {
                        keys.put(hash, JsonCodec.read(record.value(), ApiKey.class));
                    }
                } catch (InvalidMessageException e) {
                    // To gateways too it is as if revoked.
                }
            });
        } catch (KafkaException e) {
            throw failed(e);
        }
        return keys.values().stream()
                .sorted(Comparator.comparing((ApiKey key) -> key.tenant().name())
                        .thenComparing(ApiKey::createdAt))
                .toList();
    }

    /**
     * Adds a key, and makes the topic where there is none yet. Returns when the broker has it.
     *
     * @throws IOException when the broker does not take it
     */
    public void add(ApiKey key) throws IOException {
        try {
            TopicInitializer.create(kafka, Topic.KEYS);
        } catch (KafkaException e) {
            throw failed(e);
        }
        publish(key, JsonCodec.write(key));
    }

    /**
     * Takes a key away. Returns when the broker has that: every gateway that reaches it refuses the key moments later.
     *
     * @throws IOException when the broker does not take it
     */
    public void revoke(ApiKey key) throws IOException {
        publish(key, null);
    }

    private void publish(ApiKey key, byte[] value) throws IOException {
        try (var publisher = new ReliablePublisher(kafka)) {
            publisher.publish(new ProducerRecord<>(NAME, key.hash().getBytes(UTF_8), value));
        } catch (PublicationException e) {
            throw failed(e);
        }
    }

    private IOException failed(RuntimeException e) {
        return new IOException(
                "the broker at %s does not show or take keys: %s. Is that where it listens? --kafka HOST:PORT says otherwise."
                        .formatted(kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG), e.getMessage()),
                e);
    }
}
