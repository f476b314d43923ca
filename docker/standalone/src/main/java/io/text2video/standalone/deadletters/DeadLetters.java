package io.text2video.standalone.deadletters;

import io.text2video.common.topic.Topic;
import io.text2video.kafka.ReliablePublisher;
import io.text2video.kafka.TopicScan;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;

/** Reads {@code video.dead-letters}, and takes nothing off it. */
public final class DeadLetters {
    private static final int API_TIMEOUT_MS = 30_000;
    private static final int DELIVERY_TIMEOUT_MS = 30_000;
    private static final Duration READING_TIMEOUT = Duration.ofMinutes(10);

    private final Map<String, Object> kafka;

    /** @param kafka client configuration, {@code bootstrap.servers} at least */
    public DeadLetters(Map<String, Object> kafka) {
        this.kafka = Map.copyOf(kafka);
    }

    /**
     * All that are there at this call, the oldest first.
     *
     * @throws IOException when the broker does not answer
     */
    public List<StoredDeadLetter> all() throws IOException {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS);
        List<StoredDeadLetter> letters = new ArrayList<>();
        try {
            TopicScan.readToEnd(
                    config,
                    Topic.DEAD_LETTERS.topicName(),
                    READING_TIMEOUT,
                    record -> letters.add(StoredDeadLetter.of(record)));
        } catch (KafkaException e) {
            throw new IOException(
                    "no dead letters from the broker at %s: %s. Is that where it listens? --kafka HOST:PORT says"
                                    .formatted(kafka.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG), e.getMessage())
                            + " otherwise.",
                    e);
        }
        letters.sort(Comparator.comparing(StoredDeadLetter::time)
                .thenComparing(letter -> letter.at().partition())
                .thenComparing(letter -> letter.at().offset()));
        return letters;
    }

    /** What sends them again. The caller's to close. */
    public ReliablePublisher publisher() {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS / 2);
        return new ReliablePublisher(config);
    }
}
