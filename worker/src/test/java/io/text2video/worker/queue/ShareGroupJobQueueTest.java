package io.text2video.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.text2video.common.topic.Pool;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShareGroupJobQueueTest extends JobQueueContract {
    @Override
    JobQueue join(Map<String, Object> kafka, Pool pool) {
        return new ShareGroupJobQueue(kafka, pool);
    }

    @Override
    HoldingWorker.Kind kind() {
        return HoldingWorker.Kind.SHARE_GROUP;
    }

    @Test
    void shouldTellThatAJobIsLostWhenTheBrokerForgotWhoHasIt() throws Exception {
        try (JobQueue queue = join(config())) {
            // Given a job that runs
            send("interrupted");
            Delivery delivery = take(queue);

            // When the broker restarts
            restartBroker(() -> {});

            // Then the worker learns it, an end of it changes nothing, and the job comes again
            await().atMost(Duration.ofMinutes(1)).until(delivery::isLost);
            delivery.accept();
            Delivery again = take(queue);
            assertThat(text(again)).isEqualTo("interrupted");
            again.accept();
        }
    }

    @Test
    void shouldDeliverNothingThatWaitedInTheClientUntilAnotherWorkerHadIt() throws Exception {
        try (JobQueue queue = join(config());
                JobQueue other = join(config())) {
            send("first");
            take(queue).accept();

            // Given a worker that asked in vain and does not ask again, and another that gets the next job
            assertThat(queue.next(Duration.ofMillis(100))).isEmpty();
            send("late");
            Delivery delivery = take(other);
            assertThat(text(delivery)).isEqualTo("late");

            // When the first one asks again, then it gets nothing
            assertThat(queue.next(MOMENT)).isEmpty();
            delivery.accept();
            send("next");
            Delivery next = take(queue);
            assertThat(text(next)).isEqualTo("next");
            next.accept();
        }
    }
}
