package io.text2video.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import io.text2video.common.topic.TopicInitializer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

class ShareGroupJobQueueTest extends JobQueueContract {
    @Override
    JobQueue join(Map<String, Object> kafka, Pool pool) {
        return new ShareGroupJobQueue(kafka, pool);
    }

    @Test
    void shouldTakeOverFromAWorkerThatFroze() throws Exception {
        // Given a worker that took a job and says nothing more
        send("frozen");
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                config().get("bootstrap.servers"),
                "group.id",
                TopicInitializer.WORKERS_GROUP,
                "share.acknowledgement.mode",
                "explicit");
        try (var frozen = new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                JobQueue queue = join(config())) {
            frozen.subscribe(List.of(Topic.REQUESTS.topicName()));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !frozen.poll(Duration.ofMillis(500)).isEmpty());

            // When another one asks
            Delivery delivery = await().atMost(Duration.ofSeconds(30))
                    .until(() -> queue.next(Duration.ofMillis(500)), Optional::isPresent)
                    .orElseThrow();

            // Then it gets the job as soon as the lock has run out
            assertThat(delivery.attempt()).isEqualTo(2);
            delivery.accept();
        }
    }
}
