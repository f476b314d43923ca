package io.text2video.worker.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.text2video.common.topic.Pool;
import io.text2video.common.topic.TopicInitializer;
import io.text2video.embedded.EmbeddedKafka;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link JobQueue} does, on a broker of its own. */
abstract class JobQueueContract {
    static final Duration LOCK = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofMillis(500);
    private static final Map<String, String> SHORT_LOCKS = Map.of("group.share.min.record.lock.duration.ms", "1000");

    @TempDir
    Path data;

    private EmbeddedKafka kafka;

    abstract JobQueue join(Map<String, Object> kafka, Pool pool);

    final JobQueue join(Map<String, Object> kafka) {
        return join(kafka, Pool.DEFAULT);
    }

    @BeforeEach
    void startBroker() throws IOException {
        kafka = new EmbeddedKafka(data, 0, SHORT_LOCKS);
        TopicInitializer.initialize(config(), 2, LOCK);
    }

    @AfterEach
    void stopBroker() {
        kafka.close();
    }

    @Test
    void shouldDeliverWhatWasSentBeforeTheFirstWorkerCame() throws Exception {
        send("early");

        try (JobQueue queue = join(config())) {
            Delivery delivery = take(queue);

            assertThat(text(delivery)).isEqualTo("early");
            assertThat(delivery.attempt()).isEqualTo(1);
            assertThat(delivery.recordTime()).isNotNull();
            delivery.accept();
        }
    }

    @Test
    void shouldDeliverOneAtATimeAndLeaveTheOthersToOtherWorkers() throws Exception {
        try (JobQueue queue = join(config());
                JobQueue other = join(config())) {
            // Given two jobs, of which one worker holds one
            send("a");
            send("b");
            Delivery first = take(queue);

            // When another worker asks
            Delivery second = take(other);

            // Then it gets the other one, and nobody gets more before an end
            assertThat(text(second)).isNotEqualTo(text(first));
            assertThatThrownBy(() -> queue.next(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
            first.accept();
            second.accept();
            assertThat(queue.next(MOMENT)).isEmpty();
        }
    }

    @Test
    void shouldHoldAJobThatTakesLongerThanTheLock() throws Exception {
        try (JobQueue queue = join(config());
                JobQueue other = join(config())) {
            // Given a job that runs
            send("long");
            Delivery delivery = take(queue);

            // When it takes several times the lock
            var offered = new Object() {
                Optional<Delivery> delivery = Optional.empty();
            };
            await().pollInterval(MOMENT)
                    .during(LOCK.multipliedBy(3))
                    .atMost(LOCK.multipliedBy(4))
                    .until(() -> {
                        offered.delivery = offered.delivery.or(() -> other.next(MOMENT));
                        return true;
                    });

            // Then nobody else was given it, and its end counts
            assertThat(offered.delivery).isEmpty();
            assertThat(delivery.isLost()).isFalse();
            delivery.accept();
            assertThat(delivery.isLost()).isFalse();
            assertThat(other.next(MOMENT)).isEmpty();
        }
    }

    @Test
    void shouldGiveAReleasedJobToTheNextAsALaterAttempt() throws Exception {
        try (JobQueue queue = join(config());
                JobQueue other = join(config())) {
            send("released");
            take(queue).release();

            Delivery again = take(other);

            assertThat(text(again)).isEqualTo("released");
            assertThat(again.attempt()).isEqualTo(2);
            again.accept();
        }
    }

    @Test
    void shouldHandOnTheJobOfAWorkerThatLeaves() throws Exception {
        try (JobQueue other = join(config())) {
            send("left behind");
            try (JobQueue leaving = join(config())) {
                take(leaving);
            }

            Delivery again = take(other);

            assertThat(again.attempt()).isEqualTo(2);
            again.accept();
        }
    }

    @Test
    void shouldNotDeliverAgainWhatHasEnded() throws Exception {
        send("done");
        try (JobQueue queue = join(config())) {
            take(queue).accept();
        }

        send("next");
        try (JobQueue queue = join(config())) {
            assertThat(text(take(queue))).isEqualTo("next");
        }
    }

    @Test
    void shouldTellThatAJobIsLostAndStillGiveTheNext() throws Exception {
        try (JobQueue queue = join(config())) {
            // Given a job that runs
            send("interrupted");
            Delivery delivery = take(queue);

            // When the broker forgets who has it
            restartBroker();

            // Then the worker learns it, an end of it changes nothing, and the job comes again
            await().atMost(PATIENCE.multipliedBy(2)).until(delivery::isLost);
            delivery.accept();
            Delivery again = take(queue);
            assertThat(text(again)).isEqualTo("interrupted");
            again.accept();
        }
    }

    @Test
    void shouldDeliverThePoolsJobsOnly() throws Exception {
        // Given a job of each pool
        Pool large = new Pool("large");
        TopicInitializer.initialize(config(), 2, LOCK, large);
        send("default");
        send(large, "large");

        // When a worker of one of them asks
        try (JobQueue queue = join(config(), large);
                JobQueue other = join(config())) {
            Delivery delivery = take(queue);
            delivery.accept();

            // Then it gets its pool's and no other, and the other pool's worker the other
            assertThat(text(delivery)).isEqualTo("large");
            assertThat(queue.next(MOMENT)).isEmpty();
            assertThat(text(take(other))).isEqualTo("default");
        }
    }

    private void restartBroker() throws IOException {
        int port = URI.create("kafka://" + kafka.bootstrapServers()).getPort();
        kafka.close();
        kafka = new EmbeddedKafka(data, port, SHORT_LOCKS);
    }

    Map<String, Object> config() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    final void send(String text) throws ExecutionException, InterruptedException {
        send(Pool.DEFAULT, text);
    }

    private void send(Pool pool, String text) throws ExecutionException, InterruptedException {
        try (var producer = new KafkaProducer<>(config(), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(pool.topic(), text, text)).get();
        }
    }

    static Delivery take(JobQueue queue) {
        return await().atMost(PATIENCE)
                .until(() -> queue.next(MOMENT), Optional::isPresent)
                .orElseThrow();
    }

    static String text(Delivery delivery) {
        return new String(delivery.record().value(), UTF_8);
    }
}
