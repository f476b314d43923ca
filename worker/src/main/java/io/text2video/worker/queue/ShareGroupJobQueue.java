package io.text2video.worker.queue;

import io.text2video.common.topic.Pool;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Jobs by a Kafka share group (KIP-932, KIP-1222): every worker of a pool is a member, the broker locks each record for the one
 * that has it, and there may be more workers than partitions. Needs a broker of 4.2 or later.
 */
public final class ShareGroupJobQueue implements JobQueue {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    /** The only thread that touches the consumer. */
    private final ScheduledExecutorService owner =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "job-queue"));

    private final Pool pool;
    private final Map<String, Object> config;
    private KafkaShareConsumer<byte[], byte[]> consumer;
    private volatile HeldRecord held;

    /**
     * @param kafka client configuration, {@code bootstrap.servers} at least
     * @param pool whose jobs to take
     */
    public ShareGroupJobQueue(Map<String, Object> kafka, Pool pool) {
        this.pool = pool;
        config = new HashMap<>(kafka);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, pool.group());
        config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        config.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        // One that waits for its turn is not polled, for hours perhaps; a job's lock says whether its worker is stuck.
        config.putIfAbsent(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, Integer.MAX_VALUE);
        consumer = join();
    }

    @Override
    public int capacity() {
        return 1;
    }

    @Override
    public Optional<Delivery> next(Duration wait) {
        return onOwner(() -> {
            if (!isFree()) {
                throw new IllegalStateException("the delivery before has not been ended: " + held);
            }
            if (held != null && held.isLost()) {
                // What the consumer believes to hold after a broker's restart keeps it from getting anything else.
                consumer.close(CLOSE);
                consumer = join();
            }
            held = poll(wait).map(this::hold).orElse(null);
            return Optional.<Delivery>ofNullable(held).filter(record -> !record.isLost());
        });
    }

    /** Whether there is no job that has not ended, so that another can be had. */
    boolean isFree() {
        HeldRecord last = held;
        return last == null || last.isEnded();
    }

    @Override
    public void close() {
        onOwner(() -> {
            if (held != null) {
                held.stopRenewing();
            }
            consumer.close(CLOSE);
            return null;
        });
        owner.shutdown();
    }

    private KafkaShareConsumer<byte[], byte[]> join() {
        var joined = new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        joined.subscribe(List.of(pool.topic()));
        return joined;
    }

    private Optional<ConsumerRecord<byte[], byte[]>> poll(Duration wait) {
        var records = consumer.poll(wait).iterator();
        return records.hasNext() ? Optional.of(records.next()) : Optional.empty();
    }

    /**
     * The record may have come after an earlier poll had ended, and have waited in the client since. Only the broker knows
     * whether it has been handed to another worker meanwhile: it is asked before anybody begins.
     */
    private HeldRecord hold(ConsumerRecord<byte[], byte[]> record) {
        var delivered = new HeldRecord(record, consumer, owner);
        delivered.renew();
        return delivered;
    }

    /** Runs the task on the consumer's thread; an interrupt of the caller does not end the waiting, which is short. */
    private <T> T onOwner(Supplier<T> task) {
        try {
            return CompletableFuture.supplyAsync(task, owner).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
