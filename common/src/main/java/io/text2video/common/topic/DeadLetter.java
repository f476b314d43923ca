package io.text2video.common.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A record that could not be read or done, parked as it came. */
public final class DeadLetter {
    private DeadLetter() {}

    /** The original record for {@code video.dead-letters}, with headers that say why and where it came from. */
    public static ProducerRecord<byte[], byte[]> of(ConsumerRecord<byte[], byte[]> original, String reason) {
        var record = new ProducerRecord<>(Topic.DEAD_LETTERS.topicName(), original.key(), original.value());
        original.headers().forEach(record.headers()::add);
        record.headers()
                .add("dead-letter-reason", reason.getBytes(UTF_8))
                .add("dead-letter-topic", original.topic().getBytes(UTF_8))
                .add(
                        "dead-letter-partition",
                        Integer.toString(original.partition()).getBytes(UTF_8))
                .add("dead-letter-offset", Long.toString(original.offset()).getBytes(UTF_8));
        return record;
    }
}
