package io.text2video.worker.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.text2video.common.job.JobId;
import io.text2video.worker.queue.Delivery;
import io.text2video.worker.queue.JobQueue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.junit.jupiter.api.Test;

/** What becomes of the jobs that a line is given, and of a line whose queue gives none. */
class JobLineQueueTest extends JobLineFixture {
    @Test
    void shouldNotBeginAPreparedJobThatIsAnothersByNow() throws Exception {
        // Given three jobs, the second of which is lost while the first is drawn
        List<TestDelivery> deliveries = List.of(delivery(0), delivery(1), delivery(2));
        var queue = new ListedQueue(deliveries);
        pipeline.afterFrames = () -> {
            if (pipeline.generated.size() == 1) {
                await().atMost(PATIENCE).until(() -> !pipeline.prepared.isEmpty());
                deliveries.get(1).lost = true;
            }
        };

        // When a worker runs them
        start(pipeline, queue, true);

        // Then it leaves that one alone
        await().atMost(PATIENCE).until(() -> deliveries.get(2).end.equals("accepted"));
        assertThat(deliveries.get(0).end).isEqualTo("accepted");
        assertThat(seeds(pipeline.generated)).containsExactly(0L, 2L);
        assertThat(meters.counter("text2video.worker.jobs", "outcome", "lost").count())
                .isEqualTo(1);
    }

    @Test
    void shouldNotBeginAPreparedJobThatIsCancelled() throws Exception {
        // Given three jobs, the second of which is cancelled while the first is drawn
        List<TestDelivery> deliveries = List.of(delivery(0), delivery(1), delivery(2));
        pipeline.afterFrames = () -> {
            if (pipeline.generated.size() == 1) {
                await().atMost(PATIENCE).until(() -> !pipeline.prepared.isEmpty());
                cancelled.add(JobId.parse(new String(deliveries.get(1).record().key(), UTF_8)));
            }
        };

        // When a worker runs them
        start(pipeline, new ListedQueue(deliveries), true);

        // Then it ends that one, and goes on with the next
        await().atMost(PATIENCE).until(() -> deliveries.get(2).end.equals("accepted"));
        assertThat(deliveries.get(1).end).isEqualTo("accepted");
        assertThat(seeds(pipeline.generated)).containsExactly(0L, 2L);
        assertThat(meters.counter("text2video.worker.jobs", "outcome", "cancelled")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void shouldEndAJobBeforeItAsksAQueueForTheNextThatHoldsOne() throws Exception {
        // Given a queue that gives nothing before the last delivery has ended
        List<TestDelivery> deliveries = List.of(delivery(0), delivery(1), delivery(2));
        var listed = new ListedQueue(deliveries);
        List<String> ends = new CopyOnWriteArrayList<>();
        JobQueue single = new JobQueue() {
            @Override
            public int capacity() {
                return 1;
            }

            @Override
            public Optional<Delivery> next(Duration wait) {
                ends.add(deliveries.stream()
                        .map(delivery -> delivery.end)
                        .toList()
                        .toString());
                return listed.next(wait);
            }

            @Override
            public void close() {}
        };

        // When a worker runs them
        start(pipeline, single, true);

        // Then it asks in between, and prepares nothing ahead
        await().atMost(PATIENCE).until(() -> ends.size() > 3);
        assertThat(ends)
                .startsWith(
                        "[none, none, none]",
                        "[accepted, none, none]",
                        "[accepted, accepted, none]",
                        "[accepted, accepted, accepted]");
        assertThat(pipeline.prepared).isEmpty();
    }

    @Test
    void shouldEndByItselfWhenThereAreNoMoreJobs() {
        // Given two jobs, and a worker that is to end when it has none
        List<TestDelivery> deliveries = List.of(delivery(0), delivery(1));

        // When it runs them
        RunningLine running = start(pipeline, new ListedQueue(deliveries), true, Duration.ofNanos(1));

        // Then it ends, though nobody told it to, with both stored
        await().atMost(PATIENCE).until(() -> !running.thread.isAlive());
        assertThat(running.stop.isSent()).isFalse();
        assertThat(deliveries).extracting(delivery -> delivery.end).containsExactly("accepted", "accepted");
    }

    @Test
    void shouldSayThatTheBrokerRefusesItAndGoOnWhenItDoesNot() {
        // Given a broker that refuses this worker
        var refusing = new AtomicBoolean(true);
        List<TestDelivery> deliveries = List.of(delivery(0));
        var listed = new ListedQueue(deliveries);
        JobQueue queue = new JobQueue() {
            @Override
            public int capacity() {
                return JobLine.MOST_HELD;
            }

            @Override
            public Optional<Delivery> next(Duration wait) {
                if (refusing.get()) {
                    throw new GroupAuthorizationException("video-workers");
                }
                return listed.next(wait);
            }

            @Override
            public void close() {}
        };

        // When a worker asks it for jobs
        RunningLine running = start(pipeline, queue, true);

        // Then its line says so
        await().atMost(PATIENCE).until(running.line::isRefused);

        // And takes jobs as soon as it is let
        refusing.set(false);
        await().atMost(PATIENCE).until(() -> deliveries.get(0).end.equals("accepted"));
        assertThat(running.line.isRefused()).isFalse();
    }

    private static TestDelivery delivery(int seed) {
        return TestDelivery.of(numbered(seed));
    }

    /** Hands out a list. */
    private record ListedQueue(BlockingQueue<TestDelivery> rest) implements JobQueue {
        ListedQueue(List<TestDelivery> deliveries) {
            this(new LinkedBlockingQueue<>(deliveries));
        }

        @Override
        public int capacity() {
            return JobLine.MOST_HELD;
        }

        @Override
        public Optional<Delivery> next(Duration wait) {
            try {
                return Optional.ofNullable(rest.poll(wait.toNanos(), TimeUnit.NANOSECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {}
    }
}
