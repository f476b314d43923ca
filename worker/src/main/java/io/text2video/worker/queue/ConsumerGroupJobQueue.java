package io.text2video.worker.queue;

import io.text2video.common.topic.Pool;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;

/**
 * Jobs by a consumer group, for brokers without share groups: each partition belongs to one worker, which takes one record
 * at a time and commits its offset when the job has ended. While a job runs nothing is fetched, and polling goes on so that
 * the worker stays a member; a job is lost when its partition goes to another worker. At most as many workers have jobs as
 * there are partitions, and a job may wait behind a running one of its partition while another worker is idle.
 */
public final class ConsumerGroupJobQueue implements JobQueue {
    private static final Logger LOG = Logger.getLogger(ConsumerGroupJobQueue.class);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration BETWEEN_POLLS = Duration.ofMillis(100);
    static final Duration POLL = Duration.ofMillis(50);

    /** The only thread that touches the consumer. */
    private final ScheduledExecutorService owner =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "job-queue"));

    private final Pool pool;
    private final Duration recordLock;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private volatile HeldPartition held;
    private long rejoinAt = System.nanoTime();

    /**
     * @param kafka client configuration, {@code bootstrap.servers} at least
     * @param pool whose jobs to take
     * @param recordLock how long a silent worker keeps its job: the member's session, which brokers limit
     *     ({@code group.min.session.timeout.ms}, 6 s by default)
     */
    public ConsumerGroupJobQueue(Map<String, Object> kafka, Pool pool, Duration recordLock) {
        this.pool = pool;
        this.recordLock = recordLock;
        int lockMs = Math.toIntExact(recordLock.toMillis());
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        config.put(ConsumerConfig.GROUP_ID_CONFIG, pool.consumerGroup());
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, lockMs);
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, lockMs / 10);
        // A worker that has stopped to ask for jobs leaves, and its partitions go to those that do ask.
        config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, lockMs);
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(JobAssignor.class));
        config.put(JobAssignor.HELD, (Supplier<OptionalInt>) this::heldPartition);
        consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        owner.scheduleWithFixedDelay(
                this::stay, BETWEEN_POLLS.toMillis(), BETWEEN_POLLS.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public int capacity() {
        return 1;
    }

    @Override
    public Optional<Delivery> next(Duration wait) {
        return onOwner(() -> {
            if (held != null && held.isHeld()) {
                throw new IllegalStateException("the delivery before has not been ended: " + held);
            }
            held = null;
            if (!join(wait)) {
                return Optional.empty();
            }
            consumer.resume(consumer.assignment());
            var records = consumer.poll(wait).iterator();
            if (!records.hasNext()) {
                return Optional.empty();
            }
            held = new HeldPartition(records.next(), consumer, this::leave, recordLock, owner);
            consumer.pause(consumer.assignment());
            return Optional.of(held);
        });
    }

    @Override
    public void close() {
        onOwner(() -> {
            consumer.close(CloseOptions.timeout(CLOSE));
            return null;
        });
        owner.shutdown();
    }

    /** @return whether this worker is, or is about to be, a member */
    private boolean join(Duration wait) {
        if (consumer.subscription().isEmpty()) {
            long early = rejoinAt - System.nanoTime();
            if (early > 0) {
                pause(Math.min(early, wait.toNanos()));
                return false;
            }
            consumer.subscribe(List.of(pool.topic()), new Moves());
        }
        return true;
    }

    /** Lets go of all partitions for as long as the others need to get them. */
    private void leave() {
        consumer.unsubscribe();
        rejoinAt = System.nanoTime() + recordLock.dividedBy(5).toNanos();
    }

    /** While a job runs. A worker that lost it is in nobody's way until it asks for the next. */
    private void stay() {
        if (held == null || consumer.subscription().isEmpty()) {
            return;
        }
        try {
            if (held.isHeld()) {
                consumer.poll(POLL);
            } else if (held.isLost()) {
                consumer.unsubscribe();
            }
        } catch (RuntimeException | Error e) {
            // A schedule that throws is over.
            LOG.warnf("the group does not answer held=%s cause=%s", held, e);
        }
    }

    private OptionalInt heldPartition() {
        HeldPartition now = held;
        return now != null && now.isHeld() ? OptionalInt.of(now.record().partition()) : OptionalInt.empty();
    }

    private static void pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs the task on the consumer's thread; an interrupt of the caller does not end the waiting, which is short. */
    private <T> T onOwner(Supplier<T> task) {
        try {
            return CompletableFuture.supplyAsync(task, owner).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private final class Moves implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (held != null) {
                consumer.pause(partitions);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (held != null) {
                held.moved(partitions);
            }
        }
    }
}
