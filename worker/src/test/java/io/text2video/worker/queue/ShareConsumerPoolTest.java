package io.text2video.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.awaitility.Durations.ONE_MINUTE;

import io.text2video.common.topic.Pool;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** With one lane it is any other queue; the rest is what more of them are for. */
class ShareConsumerPoolTest extends JobQueueContract {
    @Override
    JobQueue join(Map<String, Object> kafka, Pool pool) {
        return new ShareConsumerPool(() -> new ShareGroupJobQueue(kafka, pool), 1);
    }

    @Override
    HoldingWorker.Kind kind() {
        return HoldingWorker.Kind.LANES;
    }

    private JobQueue lanes() {
        return new ShareConsumerPool(() -> new ShareGroupJobQueue(config(), pool), 3);
    }

    @Test
    void shouldHoldSeveralJobsEachUntilItsOwnEnd() throws Exception {
        try (JobQueue queue = lanes();
                JobQueue other = join(config())) {
            // Given three jobs in one worker's hands, which is as many as it may hold
            for (String text : List.of("a", "b", "c")) {
                send(text);
            }
            Delivery first = take(queue);
            Delivery second = take(queue);
            Delivery third = take(queue);
            assertThatThrownBy(() -> queue.next(Duration.ZERO)).isInstanceOf(IllegalStateException.class);

            // When they take longer than the lock, and end in another order than they came
            long end = System.nanoTime() + LOCK.multipliedBy(2).toNanos();
            while (System.nanoTime() < end) {
                assertThat(other.next(MOMENT)).isEmpty();
            }
            third.accept();
            first.accept();
            second.release();

            // Then each end counts for its own job alone
            Delivery again = take(other);
            assertThat(text(again)).isEqualTo(text(second));
            again.accept();
            assertThat(List.of(first.isLost(), second.isLost(), third.isLost())).containsOnly(false);
            assertThat(other.next(Duration.ofMillis(500))).isEmpty();
        }
    }

    @Test
    void shouldTakeJobsThroughAMemberThatTheGroupHadForgotten() throws Exception {
        // Given members that must not be silent for long, and one of which waited longer without being asked
        Map<String, Object> impatient = new HashMap<>(config());
        impatient.put("max.poll.interval.ms", 1500);
        try (JobQueue queue = new ShareConsumerPool(() -> new ShareGroupJobQueue(impatient, pool), 2)) {
            send("a");
            send("b");
            Delivery held = take(queue);
            take(queue).accept();
            await().atMost(ONE_MINUTE).during(Duration.ofSeconds(4)).until(() -> !held.isLost());

            // When there is a job for it
            send("c");

            // Then it gets it
            Delivery delivery = take(queue);
            assertThat(text(delivery)).isEqualTo("c");
            delivery.accept();
            held.accept();
            assertThat(held.isLost()).isFalse();
        }
    }
}
