package io.text2video.worker.queue;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jboss.logging.Logger;

/** A record that is held by owning its partition. It is accepted by committing the offset behind it. */
final class HeldPartition implements Delivery {
    private static final Logger LOG = Logger.getLogger(HeldPartition.class);

    private static final String LAST_HEARTBEAT = "last-heartbeat-seconds-ago";

    private enum State {
        HELD,
        ENDED,
        LOST
    }

    private final ConsumerRecord<byte[], byte[]> record;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Runnable leave;
    private final Duration recordLock;
    private final Executor owner;
    private final TopicPartition partition;
    private final long taken = System.nanoTime();
    private volatile State state = State.HELD;

    /**
     * @param leave gives all partitions to other workers
     * @param owner runs the consumer's thread
     */
    HeldPartition(
            ConsumerRecord<byte[], byte[]> record,
            KafkaConsumer<byte[], byte[]> consumer,
            Runnable leave,
            Duration recordLock,
            Executor owner) {
        this.record = record;
        this.consumer = consumer;
        this.leave = leave;
        this.recordLock = recordLock;
        this.owner = owner;
        partition = new TopicPartition(record.topic(), record.partition());
    }

    @Override
    public ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    /** Also while the group has not been reached for longer than it waits for a member: it may have gone on without. */
    @Override
    public boolean isLost() {
        return state == State.LOST || state == State.HELD && isSilent();
    }

    boolean isHeld() {
        return state == State.HELD;
    }

    /** Partitions are this worker's no more. On the consumer's thread. */
    void moved(Collection<TopicPartition> partitions) {
        if (state == State.HELD && partitions.contains(partition)) {
            LOG.warnf("job lost, its partition moved record=%s", this);
            state = State.LOST;
        }
    }

    @Override
    public void accept() {
        end(this::commit);
    }

    @Override
    public void release() {
        end(() -> {
            state = State.ENDED;
            leave.run();
        });
    }

    private void end(Runnable end) {
        try {
            CompletableFuture.runAsync(
                            () -> {
                                if (state == State.HELD) {
                                    end.run();
                                }
                            },
                            owner)
                    .join();
        } catch (RejectedExecutionException closed) {
            LOG.debugf("the queue was closed before the end record=%s", this);
        } catch (CompletionException e) {
            LOG.warnf("job's end not taken record=%s cause=%s", this, e.getCause());
        }
    }

    private void commit() {
        var behind = Map.of(partition, new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), ""));
        while (state == State.HELD) {
            try {
                consumer.commitSync(behind);
                state = State.ENDED;
            } catch (RebalanceInProgressException e) {
                // Polling takes part in it, and the listener says if the partition moves.
                consumer.poll(ConsumerGroupJobQueue.POLL);
            } catch (RuntimeException | Error e) {
                LOG.warnf("job lost, its offset was not committed record=%s cause=%s", this, e);
                state = State.LOST;
            }
        }
    }

    private boolean isSilent() {
        double sinceTaken = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - taken);
        double sinceHeartbeat = consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals(LAST_HEARTBEAT))
                .mapToDouble(metric -> (double) metric.metricValue())
                .filter(seconds -> seconds >= 0)
                .min()
                .orElse(sinceTaken);
        return Math.min(sinceTaken, sinceHeartbeat) > recordLock.toSeconds();
    }

    @Override
    public String toString() {
        return place();
    }
}
