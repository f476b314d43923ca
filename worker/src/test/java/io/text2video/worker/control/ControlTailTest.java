package io.text2video.worker.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MINUTE;

import io.text2video.common.job.JobId;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.embedded.FreePort;
import io.text2video.kafka.TopicInitializer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real broker, which goes away in the middle. */
@Tag("slow")
class ControlTailTest {
    @TempDir
    Path data;

    private final int port = freePort();
    private final CancelledJobs cancelled = new CancelledJobs(100);

    @Test
    void shouldHearOfJobsThatAreCancelledFromItsStartOnAlsoAfterTheBrokerWasAway() throws Exception {
        JobId before = JobId.next();
        JobId after = JobId.next();
        JobId back = JobId.next();
        EmbeddedKafka broker = new EmbeddedKafka(data, port);
        try {
            // Given a tail that begins after one was cancelled
            TopicInitializer.initialize(kafka(), 4, Duration.ofSeconds(30));
            send(JobRecords.cancel(before, Instant.now()));
            try (ControlTail tail = ControlTail.open(kafka(), cancelled)) {
                assertThat(tail).isNotNull();

                // When others follow, one of which makes no sense
                send(new ProducerRecord<>(
                        Topic.CONTROL.topicName(), after.toString().getBytes(UTF_8), new byte[] {1}));
                send(JobRecords.cancel(after, Instant.now()));

                // Then it hears of them, and not of the one before
                await().atMost(ONE_MINUTE).until(() -> cancelled.contains(after));
                assertThat(cancelled.contains(before)).isFalse();

                // And goes on when the broker is back
                broker.close();
                broker = new EmbeddedKafka(data, port);
                send(JobRecords.cancel(back, Instant.now()));
                await().atMost(ONE_MINUTE).until(() -> cancelled.contains(back));
            }
        } finally {
            broker.close();
        }
    }

    private Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", "127.0.0.1:" + port);
    }

    private void send(ProducerRecord<byte[], byte[]> record) throws Exception {
        try (var producer = new KafkaProducer<>(kafka(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }

    private static int freePort() {
        try {
            return FreePort.find();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
