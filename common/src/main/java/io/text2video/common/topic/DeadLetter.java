package io.text2video.common.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A record that could not be read or done, as it came. One that would not fit on the topic is cut, and a header says
 * so: a dead letter that is refused would stop who sends it, or be lost.
 */
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

    /** How many bytes the value had; only where it was cut. */
    public static final String VALUE_BYTES = HEADERS + "value-bytes";

    /** What a batch of one record on the topic may have, in bytes: twice as much as on other topics. */
    public static final int MAX_BATCH_BYTES = 2 << 20;

    /** What is left of it for key, value and headers. */
    private static final int MAX_BYTES = MAX_BATCH_BYTES - (64 << 10);

    /** What fits on a topic that somebody else has made, in bytes. */
    private static final int FEWEST_BYTES = 64 << 10;

    /** What such a topic must take for those, as a batch of one record. */
    static final int FEWEST_BATCH_BYTES = 2 * FEWEST_BYTES;

    private static final int MAX_REASON = 4096;

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
        write(record.headers(), REASON, reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason);
        write(record.headers(), ATTEMPTS, attempts);
        write(record.headers(), TOPIC, original.topic());
        write(record.headers(), PARTITION, original.partition());
        write(record.headers(), OFFSET, original.offset());
        write(record.headers(), TIMESTAMP, original.timestamp());
        return cut(record, MAX_BYTES);
    }

    /** As much of a dead letter as any topic takes. */
    public static ProducerRecord<byte[], byte[]> cut(ProducerRecord<byte[], byte[]> letter) {
        return cut(letter, FEWEST_BYTES);
    }

    /** First the value gives way, then the record's own headers, then its key. */
    private static ProducerRecord<byte[], byte[]> cut(ProducerRecord<byte[], byte[]> letter, int most) {
        if (bytes(letter.key(), letter.headers()) + length(letter.value()) <= most) {
            return letter;
        }
        boolean headersFit = bytes(letter.key(), letter.headers()) <= most;
        var own = new RecordHeaders();
        letter.headers().forEach(header -> {
            if (headersFit || header.key().startsWith(HEADERS)) {
                own.add(header);
            }
        });
        byte[] key = bytes(letter.key(), own) <= most ? letter.key() : null;
        int left = (int) Math.max(0, most - bytes(key, own));
        byte[] value = letter.value();
        if (length(value) > left) {
            if (own.lastHeader(VALUE_BYTES) == null) {
                write(own, VALUE_BYTES, value.length);
            }
            value = Arrays.copyOf(value, left);
        }
        return new ProducerRecord<>(letter.topic(), null, key, value, own);
    }

    private static long bytes(byte[] key, Headers headers) {
        long bytes = length(key);
        for (Header header : headers) {
            bytes += header.key().length() * 3L + length(header.value());
        }
        return bytes;
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static void write(Headers headers, String name, Object value) {
        headers.remove(name).add(name, String.valueOf(value).getBytes(UTF_8));
    }
}
