package io.text2video.standalone.deadletters;

import io.text2video.common.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads {@code video.dead-letters}. Takes nothing off it. */
public final class DeadLetters {
    private static final int PATIENCE_MS = 10_000;
    private static final Duration POLL = Duration.ofMillis(200);

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
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return read(consumer);
        } catch (KafkaException e) {
            throw new IOException(
                    "no dead letters from the broker at %s: %s. Is that where it listens? --kafka HOST:PORT says"
                                    .formatted(kafka.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG), e.getMessage())
                            + " otherwise.",
                    e);
        }
    }

    private static List<StoredDeadLetter> read(KafkaConsumer<byte[], byte[]> consumer) {
        List<PartitionInfo> known = consumer.partitionsFor(Topic.DEAD_LETTERS.topicName());
        List<TopicPartition> partitions = known.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        List<StoredDeadLetter> letters = new ArrayList<>();
        if (partitions.isEmpty()) {
            return letters;
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            consumer.poll(POLL).forEach(record -> letters.add(StoredDeadLetter.of(record)));
        }
        letters.sort(Comparator.comparing(StoredDeadLetter::time)
                .thenComparing(letter -> letter.at().partition())
                .thenComparing(letter -> letter.at().offset()));
        return letters;
    }
}
