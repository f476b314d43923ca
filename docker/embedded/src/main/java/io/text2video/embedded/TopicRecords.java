package io.text2video.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What is on a topic, for tests. */
public final class TopicRecords {
    private static final Duration POLL = Duration.ofMillis(100);

    private TopicRecords() {}

    /** Every record that is on the topic at this call, in order within each partition. */
    public static List<ConsumerRecord<String, byte[]>> all(String bootstrapServers, String topic) {
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(POLL).forEach(records::add);
            }
            return records;
        }
    }

    /** Those of them that have this key. */
    public static List<ConsumerRecord<String, byte[]>> of(String bootstrapServers, String topic, String key) {
        return all(bootstrapServers, topic).stream()
                .filter(record -> key.equals(record.key()))
                .toList();
    }
}
