package io.text2video.gateway.consumers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record of the tests: it is called at its time, and followed by the next of its schedule.
 *
 * @param takes how long the call takes
 */
record Try(String id, int number, Instant due, Duration takes, int tries, Duration pause) {
    static Try once(String id, Instant due) {
        return new Try(id, 1, due, Duration.ZERO, 1, Duration.ZERO);
    }

    static Try of(ConsumerRecord<byte[], byte[]> record) {
        String[] fields = new String(record.value(), UTF_8).split(" ");
        return new Try(
                new String(record.key(), UTF_8),
                Integer.parseInt(fields[0]),
                Instant.parse(fields[1]),
                Duration.parse(fields[2]),
                Integer.parseInt(fields[3]),
                Duration.parse(fields[4]));
    }

    /** What it is called by. */
    String name() {
        return id + "#" + number;
    }

    boolean isLast() {
        return number == tries;
    }

    /** Each pause is twice the one before. */
    Try next() {
        return new Try(id, number + 1, Instant.now().plus(pause), takes, tries, pause.multipliedBy(2));
    }

    ProducerRecord<byte[], byte[]> record() {
        String value = "%d %s %s %d %s".formatted(number, due, takes, tries, pause);
        return new ProducerRecord<>(Topic.WEBHOOKS.topicName(), id.getBytes(UTF_8), value.getBytes(UTF_8));
    }
}
