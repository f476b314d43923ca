package io.text2video.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads a topic once, from its beginning to its end. */
public final class TopicScan {
    private static final Duration POLL = Duration.ofMillis(200);

    private TopicScan() {}

    /**
     * Hands over every record that is on the topic at this call, in order within each partition.
     *
     * @param kafka client configuration, {@code bootstrap.servers} at least
     * @param timeout of all of it
     * @param reader on the caller's thread; what it throws ends the scan
     * @throws KafkaException when the broker does not answer, {@link TimeoutException} when not all is read in time
     */
    public static void readToEnd(
            Map<String, Object> kafka,
            String topic,
            Duration timeout,
            Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        long limit = System.nanoTime() + timeout.toNanos();
        try (var consumer = new KafkaConsumer<byte[], byte[]>(config(kafka, timeout))) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                if (System.nanoTime() - limit > 0) {
                    throw new TimeoutException("%s was not read to its end within %s".formatted(topic, timeout));
                }
                consumer.poll(POLL).forEach(reader);
            }
        }
    }

    private static Map<String, Object> config(Map<String, Object> kafka, Duration timeout) {
        Map<String, Object> config = ConsumerConfigs.withoutGroup(kafka);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // The fetch behind the end brings nothing, and closing waits for its answer: by default half a second.
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(timeout.toMillis()));
        config.putIfAbsent(
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(Math.min(timeout.toMillis(), 30_000)));
        return config;
    }
}
