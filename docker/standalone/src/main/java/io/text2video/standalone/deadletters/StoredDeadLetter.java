package io.text2video.standalone.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.topic.DeadLetter;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
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

    /** What a webhook is signed with, also in what is no valid message. */
    private static final Pattern SECRET =
            Pattern.compile("(?<=\"secret\"\\s{0,9}:\\s{0,9}\")(?:[^\"\\\\]|\\\\.)+|whsec_[\\w+/=\\\\-]+");

    private static final String REDACTED = "[redacted]";

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

    /** The bytes as text, whatever they are, but for secrets of webhooks: whoever looks need not sign. */
    public String text() {
        return value == null ? "" : SECRET.matcher(new String(value, UTF_8)).replaceAll(REDACTED);
    }

    /** The bytes as they came; null where there are none, or a secret is among them. */
    public byte[] shownBytes() {
        return value == null || SECRET.matcher(new String(value, UTF_8)).find() ? null : value;
    }
}
