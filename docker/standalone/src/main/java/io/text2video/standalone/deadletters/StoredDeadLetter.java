package io.text2video.standalone.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.topic.DeadLetter;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A dead letter.
 *
 * @param time when it was dead-lettered
 * @param id its key, which is the job's id unless the record was no good in that too; or null
 * @param topic where it was before; empty when nobody knows
 * @param attempts how often it was tried; 0 when nobody knows
 * @param headers all of them, in their names' order
 * @param value as it came; null for a record without
 */
public record StoredDeadLetter(
        Coordinate at,
        Instant time,
        String id,
        String topic,
        String reason,
        int attempts,
        Map<String, String> headers,
        byte[] value) {

    static StoredDeadLetter of(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new TreeMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), header.value() == null ? "" : new String(header.value(), UTF_8));
        }
        String attempts = headers.getOrDefault(DeadLetter.ATTEMPTS, "");
        return new StoredDeadLetter(
                new Coordinate(record.partition(), record.offset()),
                Instant.ofEpochMilli(record.timestamp()),
                record.key() == null ? null : new String(record.key(), UTF_8),
                headers.getOrDefault(DeadLetter.TOPIC, ""),
                headers.getOrDefault(DeadLetter.REASON, ""),
                attempts.matches("\\d{1,9}") ? Integer.parseInt(attempts) : 0,
                headers,
                record.value());
    }

    /** The bytes as text, whatever they are. */
    public String text() {
        return value == null ? "" : new String(value, UTF_8);
    }
}
