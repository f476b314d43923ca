package io.text2video.common.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What a request on {@code video.retry} has beside its own headers.
 *
 * @param due when it is to be published again
 * @param topic where: a pool's
 * @param sent the time of the record that it was
 * @param reason what it failed for
 */
public record RetryHeaders(Instant due, String topic, Instant sent, String reason) {
    private static final String DUE = "retry-due";
    private static final String TOPIC = "retry-topic";
    private static final String SENT = "retry-timestamp";
    private static final String REASON = "retry-reason";

    /** Of a record; nothing when they are missing, or say what cannot be. */
    public static Optional<RetryHeaders> of(Headers headers) {
        String topic = text(headers, TOPIC);
        String due = text(headers, DUE);
        String sent = text(headers, SENT);
        if (Pool.ofTopic(topic).isEmpty() || !isTime(due) || !isTime(sent)) {
            return Optional.empty();
        }
        return Optional.of(new RetryHeaders(time(due), topic, time(sent), text(headers, REASON)));
    }

    /**
     * The record for {@code video.retry}: the original with these headers.
     *
     * @param next of the publication that is to come
     */
    public ProducerRecord<byte[], byte[]> record(ConsumerRecord<byte[], byte[]> original, Lineage next) {
        var record = new ProducerRecord<>(Topic.RETRY.topicName(), original.key(), original.value());
        original.headers().forEach(record.headers()::add);
        next.writeTo(record.headers());
        write(record.headers(), DUE, Long.toString(due.toEpochMilli()));
        write(record.headers(), TOPIC, topic);
        write(record.headers(), SENT, Long.toString(sent.toEpochMilli()));
        write(record.headers(), REASON, reason);
        return record;
    }

    /**
     * The request as it is published again, of the record on {@code video.retry} that has these headers. It was not sent
     * after that record: a broker refuses a time that is far ahead, whose sender would then end.
     */
    public ProducerRecord<byte[], byte[]> request(ConsumerRecord<byte[], byte[]> retry) {
        long timestamp = Math.min(sent.toEpochMilli(), retry.timestamp());
        var record = new ProducerRecord<>(topic, null, timestamp, retry.key(), retry.value());
        retry.headers().forEach(record.headers()::add);
        record.headers().remove(DUE).remove(TOPIC).remove(SENT);
        return record;
    }

    private static boolean isTime(String text) {
        return text.matches("\\d{1,15}");
    }

    private static Instant time(String text) {
        return Instant.ofEpochMilli(Long.parseLong(text));
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }

    private static void write(Headers headers, String name, String text) {
        headers.remove(name).add(name, text.getBytes(UTF_8));
    }
}
