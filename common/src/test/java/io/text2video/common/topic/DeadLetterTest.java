package io.text2video.common.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class DeadLetterTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);

    @Test
    void shouldKeepWhatFitsAsItCame() {
        var original = new ConsumerRecord<>("video.requests", 0, 7, KEY, new byte[1_048_000]);

        ProducerRecord<byte[], byte[]> letter = DeadLetter.of(original, "broken");

        assertThat(letter.value()).isEqualTo(original.value());
        assertThat(letter.headers().lastHeader(DeadLetter.VALUE_BYTES)).isNull();
    }

    @Test
    void shouldCutAValueThatIsTooLargeAndSayHowLargeItWas() {
        // Given a record of a topic that takes more than is usual
        var original = new ConsumerRecord<>("video.requests", 0, 7, KEY, new byte[5 << 20]);

        ProducerRecord<byte[], byte[]> letter = DeadLetter.of(original, "x".repeat(100_000));
        ProducerRecord<byte[], byte[]> smaller = DeadLetter.cut(letter);

        assertThat(letter.value()).hasSizeBetween(1 << 20, DeadLetter.MAX_BATCH_BYTES - (64 << 10));
        assertThat(smaller.value()).hasSizeBetween(1 << 10, 64 << 10);
        assertThat(smaller.key()).isEqualTo(KEY);
        assertThat(header(letter, DeadLetter.VALUE_BYTES)).isEqualTo("5242880");
        assertThat(header(smaller, DeadLetter.VALUE_BYTES)).isEqualTo("5242880");
        assertThat(header(smaller, DeadLetter.OFFSET)).isEqualTo("7");
    }

    @Test
    void shouldLeaveOutHeadersThatAreTooLarge() {
        var original = new ConsumerRecord<>("video.requests", 0, 7, new byte[3 << 20], KEY);
        original.headers().add("large", new byte[3 << 20]);

        ProducerRecord<byte[], byte[]> letter = DeadLetter.of(original, "broken");

        assertThat(letter.headers().lastHeader("large")).isNull();
        assertThat(header(letter, DeadLetter.REASON)).isEqualTo("broken");
        assertThat(letter.key()).isNull();
        assertThat(letter.value()).isEqualTo(KEY);
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
