package io.text2video.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GatedJobQueueTest {
    @Test
    void shouldAskForJobsOnlyWhileTheGateIsOpen() {
        var asked = new AtomicInteger();
        var open = new AtomicBoolean();
        var gated = new GatedJobQueue(
                new JobQueue() {
                    @Override
                    public int capacity() {
                        return 3;
                    }

                    @Override
                    public Optional<Delivery> next(Duration wait) {
                        asked.incrementAndGet();
                        return Optional.empty();
                    }

                    @Override
                    public void close() {}
                },
                open::get);

        gated.next(Duration.ofMillis(1));
        assertThat(asked).hasValue(0);

        open.set(true);
        gated.next(Duration.ofMillis(1));
        assertThat(asked).hasValue(1);
        assertThat(gated.capacity()).isEqualTo(3);
    }
}
