package io.text2video.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MINUTE;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.junit.jupiter.api.Test;

class ConsumerThreadTest {
    private final List<String> did = new CopyOnWriteArrayList<>();

    @Test
    void shouldWakeItsConsumerAndCloseItOnItsOwnThread() {
        // Given a thread that polls
        var thread = new Poller(new RecordedConsumer(), null);
        thread.start();
        await().atMost(ONE_MINUTE).until(() -> did.contains("poll"));

        // When
        thread.close();

        // Then
        assertThat(thread.isAlive()).isFalse();
        assertThat(did).containsOnlyOnce("wakeup").endsWith("before close", "closed by poller");
    }

    @Test
    void shouldCloseItsConsumerWhenWhatComesBeforeFails() {
        var thread = new Poller(new RecordedConsumer(), new IllegalStateException("not finished"));
        thread.start();

        thread.close();

        assertThat(thread.isAlive()).isFalse();
        assertThat(did).endsWith("before close", "closed by poller");
    }

    private final class Poller extends ConsumerThread {
        private final RuntimeException failure;

        Poller(Consumer<byte[], byte[]> consumer, RuntimeException failure) {
            super("poller", consumer);
            this.failure = failure;
        }

        @Override
        protected void doWork() {
            did.add("poll");
            consumer.poll(Duration.ofMillis(10));
        }

        @Override
        protected void beforeClose() {
            did.add("before close");
            if (failure != null) {
                throw failure;
            }
        }
    }

    private final class RecordedConsumer extends MockConsumer<byte[], byte[]> {
        RecordedConsumer() {
            super(AutoOffsetResetStrategy.EARLIEST.name());
            assign(List.of());
        }

        @Override
        public synchronized void wakeup() {
            did.add("wakeup");
            super.wakeup();
        }

        @Override
        public synchronized void close(Duration timeout) {
            did.add("closed by " + Thread.currentThread().getName());
            super.close(timeout);
        }
    }
}
