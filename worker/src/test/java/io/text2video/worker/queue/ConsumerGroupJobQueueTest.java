package io.text2video.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.topic.Pool;
import io.text2video.kafka.QueueChoice;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsumerGroupJobQueueTest extends JobQueueContract {
    @Override
    JobQueue join(Map<String, Object> kafka, Pool pool) {
        return new ConsumerGroupJobQueue(kafka, pool, LOCK);
    }

    @Override
    QueueChoice choice() {
        return QueueChoice.CONSUMER_GROUP;
    }

    @Override
    HoldingWorker.Kind kind() {
        return HoldingWorker.Kind.CONSUMER_GROUP;
    }

    @Test
    void shouldKeepAJobWhileWorkersComeAndGo() throws Exception {
        send("elsewhere");
        send("here");
        try (JobQueue queue = join(config())) {
            // Given a job in the last partition, the first one's is done
            take(queue).accept();
            Delivery delivery = take(queue);
            assertThat(delivery.record().partition()).isEqualTo(1);

            // When other workers come, work and go
            for (String text : new String[] {"first", "second"}) {
                try (JobQueue other = join(config())) {
                    sendTo(0, text);
                    Delivery others = take(other);
                    assertThat(text(others)).isEqualTo(text);
                    others.accept();
                }
            }

            // Then the job is still here
            assertThat(delivery.isLost()).isFalse();
            delivery.accept();
            assertThat(delivery.isLost()).isFalse();
            assertThat(queue.next(LOCK)).isEmpty();
        }
    }
}
