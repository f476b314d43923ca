package io.text2video.worker.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.text2video.common.topic.Pool;
import io.text2video.common.topic.QueueKind;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.kafka.QueueChoice;
import io.text2video.kafka.TopicInitializer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link JobQueue} does: on one broker, each test in a pool of its own. */
@Tag("slow")
@TestInstance(Lifecycle.PER_CLASS)
abstract class JobQueueContract {
    static final Duration LOCK = Duration.ofSeconds(2);
    private static final int PARTITIONS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    static final Duration MOMENT = Duration.ofMillis(500);
    private static final Map<String, String> SHORT_LOCKS =
            Map.of("group.share.min.record.lock.duration.ms", "1000", "group.min.session.timeout.ms", "1000");

    private Path data;
    private EmbeddedKafka kafka;
    private int pools;
    private int partitions;
    private int sent;

    /** The test's own. */
    Pool pool;

    abstract JobQueue join(Map<String, Object> kafka, Pool pool);

    /** What the fleet's configuration says. */
    QueueChoice choice() {
        return QueueChoice.AUTO;
    }

    /** The release whose features the broker has. */
    String release() {
        return "4.2";
    }

    final JobQueue join(Map<String, Object> kafka) {
        return join(kafka, pool);
    }

    @BeforeAll
    void startBroker(@TempDir Path directory) throws IOException {
        data = directory;
        kafka = new EmbeddedKafka(data, 0, SHORT_LOCKS, release());
    }

    @BeforeEach
    void preparePool() {
        pool = new Pool("test-" + ++pools);
        partitions = prepare(pool) == QueueKind.SHARE_GROUP ? 1 : PARTITIONS;
        sent = 0;
    }

    @AfterAll
    void stopBroker() {
        kafka.close();
    }

    @Test
    void shouldDeliverWhatWasSentBeforeTheFirstWorkerCame() throws Exception {
        send("early");

        try (JobQueue queue = join(config())) {
            Delivery delivery = take(queue);

            assertThat(text(delivery)).isEqualTo("early");
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
    void shouldHoldAJobThatTakesTenTimesTheLock() throws Exception {
        try (JobQueue queue = join(config());
                JobQueue other = join(config())) {
            // Given a job that runs
            send("long");
            Delivery delivery = take(queue);

            // When it takes ten times the lock, and another worker asks all the while
            long end = System.nanoTime() + LOCK.multipliedBy(10).toNanos();
            while (System.nanoTime() < end) {
                assertThat(other.next(MOMENT)).isEmpty();
                assertThat(delivery.isLost()).isFalse();
            }

            // Then its end counts
            delivery.accept();
            assertThat(delivery.isLost()).isFalse();
            assertThat(other.next(LOCK)).isEmpty();
            assertThat(queue.next(LOCK)).isEmpty();
        }
    }

    @Test
    void shouldTakeOverFromAFrozenWorkerOnce() throws Exception {
        // Given a worker's process that has a job and then freezes
        send("frozen");
        try (JobQueue queue = join(config());
                HoldingWorker frozen = HoldingWorker.start(kind(), kafka.bootstrapServers(), pool)) {
            frozen.awaitLine("taken");
            frozen.freeze();

            // When another one asks
            Delivery delivery = take(queue);

            // Then it gets the job, and what the first one says when it wakes up changes nothing
            assertThat(text(delivery)).isEqualTo("frozen");
            frozen.wake();
            frozen.accept();
            frozen.awaitLine("accepted");
            assertThat(delivery.isLost()).isFalse();
        }

        // And as the second did not end it either, a third gets it, and its end is the last
        try (JobQueue queue = join(config())) {
            Delivery delivery = take(queue);
            assertThat(text(delivery)).isEqualTo("frozen");
            delivery.accept();
            assertThat(queue.next(LOCK)).isEmpty();
        }
    }

    @Test
    void shouldGiveAReleasedJobToTheNext() throws Exception {
        try (JobQueue queue = join(config());
                JobQueue other = join(config())) {
            send("released");
            take(queue).release();

            Delivery again = take(other);

            assertThat(text(again)).isEqualTo("released");
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

            assertThat(text(again)).isEqualTo("left behind");
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
    void shouldGoOnByItselfWhenTheBrokerWasAwayWhileAJobRan() throws Exception {
        try (JobQueue queue = join(config())) {
            // Given a job that runs
            send("interrupted");
            Delivery delivery = take(queue);

            // When the broker goes away for longer than the lock, and the job ends after that
            restartBroker(() ->
                    await("lost, while away").atMost(PATIENCE.multipliedBy(2)).until(delivery::isLost));
            delivery.accept();
            boolean counted = !delivery.isLost();

            // Then the next one comes, and this one again if its end did not count
            send("next");
            List<String> delivered = new ArrayList<>();
            while (!delivered.contains("next") || !counted && !delivered.contains("interrupted")) {
                Delivery other = take(queue);
                delivered.add(text(other));
                other.accept();
            }
            assertThat(delivered).doesNotHaveDuplicates().hasSize(counted ? 1 : 2);
        }
    }

    @Test
    void shouldGoOnByItselfWhenTheBrokerWasAwayWhileItWaited() throws Exception {
        try (JobQueue queue = join(config())) {
            // Given a worker that has done a job and waits for the next
            send("before");
            take(queue).accept();
            assertThat(queue.next(MOMENT)).isEmpty();

            // When the broker goes away for longer than the lock
            restartBroker(() -> assertThat(queue.next(LOCK.multipliedBy(2))).isEmpty());

            // Then it gets the job that is sent after that
            send("after");
            Delivery delivery = take(queue);
            assertThat(text(delivery)).isEqualTo("after");
            delivery.accept();
        }
    }

    @Test
    void shouldDeliverThePoolsJobsOnly() throws Exception {
        // Given a job of each pool
        Pool large = new Pool("large");
        prepare(large);
        send("other");
        send(large, "large");

        // When a worker of one of them asks
        try (JobQueue queue = join(config(), large);
                JobQueue other = join(config())) {
            Delivery delivery = take(queue);
            delivery.accept();

            // Then it gets its pool's and no other, and the other pool's worker the other
            assertThat(text(delivery)).isEqualTo("large");
            assertThat(queue.next(MOMENT)).isEmpty();
            assertThat(text(take(other))).isEqualTo("other");
        }
    }

    /** How a {@link HoldingWorker} makes this queue. */
    abstract HoldingWorker.Kind kind();

    final QueueKind prepare(Pool pool) {
        return TopicInitializer.initialize(config(), PARTITIONS, LOCK, choice(), pool);
    }

    final void restartBroker(Runnable whileAway) throws IOException {
        int port = URI.create("kafka://" + kafka.bootstrapServers()).getPort();
        kafka.close();
        try {
            whileAway.run();
        } finally {
            kafka = new EmbeddedKafka(data, port, SHORT_LOCKS, release());
        }
    }

    Map<String, Object> config() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    final void send(String text) throws ExecutionException, InterruptedException {
        send(pool, text);
    }

    final void sendTo(int partition, String text) throws ExecutionException, InterruptedException {
        send(pool, partition, text);
    }

    /** Where there are several partitions, one record after the other goes to the next. */
    private void send(Pool pool, String text) throws ExecutionException, InterruptedException {
        send(pool, sent++ % partitions, text);
    }

    private void send(Pool pool, int partition, String text) throws ExecutionException, InterruptedException {
        try (var producer = new KafkaProducer<>(config(), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(pool.topic(), partition, text, text))
                    .get();
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
