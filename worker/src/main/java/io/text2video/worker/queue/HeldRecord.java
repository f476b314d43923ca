package io.text2video.worker.queue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.jboss.logging.Logger;

/**
 * A record whose lock is renewed every third of its time. When a renewal fails, for whatever reason, the record counts
 * as lost: the broker may have handed it on.
 */
final class HeldRecord implements Delivery {
    private static final Logger LOG = Logger.getLogger(HeldRecord.class);
    private static final Duration COMES_BACK = Duration.ofSeconds(1);
    private static final int BROKERS_DEFAULT_LOCK_MS = 30_000;

    private enum State {
        HELD,
        ENDED,
        LOST
    }

    private final ConsumerRecord<byte[], byte[]> record;
    private final ShareConsumer<byte[], byte[]> consumer;
    private final ScheduledExecutorService owner;
    private final ScheduledFuture<?> renewing;
    private volatile State state = State.HELD;

    /**
     * Called on the consumer's thread.
     *
     * @param owner runs the consumer's thread
     */
    HeldRecord(
            ConsumerRecord<byte[], byte[]> record,
            ShareConsumer<byte[], byte[]> consumer,
            ScheduledExecutorService owner) {
        this.record = record;
        this.consumer = consumer;
        this.owner = owner;
        long third = consumer.acquisitionLockTimeoutMs().orElse(BROKERS_DEFAULT_LOCK_MS) / 3;
        renewing = owner.scheduleAtFixedRate(this::renew, third, third, TimeUnit.MILLISECONDS);
    }

    @Override
    public ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    @Override
    public boolean isLost() {
        return state == State.LOST;
    }

    boolean isEnded() {
        return state != State.HELD;
    }

    @Override
    public void accept() {
        end(AcknowledgeType.ACCEPT);
    }

    @Override
    public void release() {
        end(AcknowledgeType.RELEASE);
    }

    void stopRenewing() {
        renewing.cancel(false);
    }

    private void end(AcknowledgeType end) {
        try {
            CompletableFuture.runAsync(
                            () -> {
                                if (state == State.HELD) {
                                    stopRenewing();
                                    state = acknowledge(end) ? State.ENDED : State.LOST;
                                }
                            },
                            owner)
                    .join();
        } catch (RejectedExecutionException closed) {
            LOG.debugf("the queue was closed before %s record=%s", end, this);
        }
    }

    /** Extends the lock, or finds it lost. On the consumer's thread. */
    void renew() {
        if (state != State.HELD) {
            return;
        }
        if (!acknowledge(AcknowledgeType.RENEW) || !comesBack()) {
            stopRenewing();
            state = State.LOST;
        }
    }

    /** A renewed record is handed out once more before any other. */
    private boolean comesBack() {
        try {
            for (var again : consumer.poll(COMES_BACK)) {
                if (again.partition() == record.partition() && again.offset() == record.offset()) {
                    return true;
                }
            }
            LOG.warnf("job lost, it was renewed in vain record=%s", this);
        } catch (RuntimeException | Error e) {
            LOG.warnf("job lost, it was renewed in vain record=%s cause=%s", this, e);
        }
        return false;
    }

    private boolean acknowledge(AcknowledgeType type) {
        try {
            consumer.acknowledge(record, type);
            consumer.commitSync().values().stream().flatMap(Optional::stream).forEach(failure -> {
                throw failure;
            });
            return true;
        } catch (RuntimeException | Error e) {
            // An error too: a record that counts as held would be renewed no more, and its member take no other.
            LOG.warnf("job lost, the broker did not take %s record=%s cause=%s", type, this, e);
            return false;
        }
    }

    @Override
    public String toString() {
        return place();
    }
}
