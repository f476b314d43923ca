package io.text2video.common.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** A record that could not be read or done, parked as it came. */
public final class DeadLetter {
    /** What the names of the headers begin with that are added to the record's own. */
    public static final String HEADERS = "dead-letter-";

    /** Headers that say why and where it came from. */
    public static final String REASON = HEADERS + "reason";

    public static final String ATTEMPTS = HEADERS + "attempts";
    public static final String TOPIC = HEADERS + "topic";
    public static final String PARTITION = HEADERS + "partition";
    public static final String OFFSET = HEADERS + "offset";
    public static final String TIMESTAMP = HEADERS + "timestamp";

    private DeadLetter() {}

    /** As below, of a record that was tried once. */
    public static ProducerRecord<byte[], byte[]> of(ConsumerRecord<byte[], byte[]> original, String reason) {
        return of(original, reason, 1);
    }

    /**
     * The original record for {@code video.dead-letters}, with headers that say why and where it came from.
     *
     * @param attempts how often it was tried
     */
    public static ProducerRecord<byte[], byte[]> of(
            ConsumerRecord<byte[], byte[]> original, String reason, int attempts) {
        var record = new ProducerRecord<>(Topic.DEAD_LETTERS.topicName(), original.key(), original.value());
        original.headers().forEach(record.headers()::add);
        write(record.headers(), REASON, reason);
        write(record.headers(), ATTEMPTS, attempts);
        write(record.headers(), TOPIC, original.topic());
        write(record.headers(), PARTITION, original.partition());
        write(record.headers(), OFFSET, original.offset());
        write(record.headers(), TIMESTAMP, original.timestamp());
        return record;
    }

    private static void write(Headers headers, String name, Object value) {
        headers.remove(name).add(name, String.valueOf(value).getBytes(UTF_8));
    }
}
