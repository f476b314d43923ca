package io.text2video.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.topic.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With Kafka's own stand-in for a share consumer, which fails as a broker cannot be made to. */
class HeldRecordTest {
    private final ScheduledExecutorService owner = Executors.newSingleThreadScheduledExecutor();
    private final BreakingConsumer consumer = new BreakingConsumer();
    private final HeldRecord held = new HeldRecord(
            new ConsumerRecord<>(Topic.REQUESTS.topicName(), 0, 7, new byte[0], new byte[0]), consumer, owner);

    @AfterEach
    void stop() {
        owner.shutdownNow();
    }

    @Test
    void shouldCountAsLostWhenAnErrorMeetsItsEnd() {
        consumer.atCommit = () -> {
            throw new OutOfMemoryError("no memory to accept");
        };

        held.accept();

        assertThat(held.isLost()).isTrue();
        assertThat(held.isEnded()).as("so that its member can take another").isTrue();
    }

    @Test
    void shouldCountAsLostWhenAnErrorMeetsItsRenewal() {
        consumer.atPoll = () -> {
            throw new IllegalStateException("All records must be acknowledged");
        };

        held.renew();

        assertThat(held.isLost()).isTrue();
    }

    private static final class BreakingConsumer extends MockShareConsumer<byte[], byte[]> {
        Runnable atCommit = () -> {};
        Runnable atPoll = () -> {};

        @Override
        public synchronized Map<TopicIdPartition, Optional<KafkaException>> commitSync() {
            atCommit.run();
            return Map.of();
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            atPoll.run();
            return ConsumerRecords.empty();
        }
    }
}
