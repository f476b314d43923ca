package io.text2video.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.kafka.TopicScan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is on a topic, for tests. */
public final class TopicRecords {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private TopicRecords() {}

    /** Every record that is on the topic at this call, in order within each partition. */
    public static List<ConsumerRecord<String, byte[]>> all(String bootstrapServers, String topic) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        TopicScan.readToEnd(
                Map.of("bootstrap.servers", bootstrapServers),
                topic,
                TIMEOUT,
                record -> records.add(withTextKey(record)));
        return records;
    }

    /** Those of them that have this key. */
    public static List<ConsumerRecord<String, byte[]>> of(String bootstrapServers, String topic, String key) {
        return all(bootstrapServers, topic).stream()
                .filter(record -> key.equals(record.key()))
                .toList();
    }

    private static ConsumerRecord<String, byte[]> withTextKey(ConsumerRecord<byte[], byte[]> record) {
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                record.serializedKeySize(),
                record.serializedValueSize(),
                record.key() == null ? null : new String(record.key(), UTF_8),
                record.value(),
                record.headers(),
                record.leaderEpoch());
    }
}
