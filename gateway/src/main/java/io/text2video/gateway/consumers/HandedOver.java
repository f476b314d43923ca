package io.text2video.gateway.consumers;

import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.topic.DeadLetter;
import io.text2video.common.topic.Topic;
import io.text2video.kafka.PublicationException;
import io.text2video.kafka.ReliablePublisher;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * The records that are in flight, and what follows from them. For the consumer's thread: what other threads find out waits
 * until that one {@link #proceed}s.
 */
final class HandedOver {
    private static final Logger LOG = Logger.getLogger(HandedOver.class);
    private static final Duration PUBLISH_AGAIN = Duration.ofSeconds(5);

    private final RecordHandler handler;
    private final ReliablePublisher publisher;
    private final Set<InFlight> inFlight = new HashSet<>();
    private final BlockingQueue<Runnable> news = new LinkedBlockingQueue<>();
    private final LongAdder deadLettered = new LongAdder();

    /** The publisher stays its caller's. */
    HandedOver(RecordHandler handler, ReliablePublisher publisher) {
        this.handler = handler;
        this.publisher = publisher;
    }

    int size() {
        return inFlight.size();
    }

    /** How many records the dead letters have got. Any thread may ask. */
    long deadLettered() {
        return deadLettered.sum();
    }

    /** Hands a record over; its outcome is written to {@code progress}. */
    void handOver(ConsumerRecord<byte[], byte[]> record, PartitionProgress progress) {
        var begun = new InFlight(record, progress);
        inFlight.add(begun);
        CompletionStage<HandlerOutcome> handled;
        try {
            handled = handler.handle(record, begun);
        } catch (InvalidMessageException | RuntimeException e) {
            handled = CompletableFuture.failedFuture(e);
        }
        handled.whenComplete((outcome, failure) ->
                news.add(() -> settle(begun, failure == null ? outcome : deadLettered(record, failure))));
    }

    /** Writes a record again, at the end of its topic. */
    void move(ConsumerRecord<byte[], byte[]> record, PartitionProgress progress) {
        var begun = new InFlight(record, progress);
        inFlight.add(begun);
        publish(
                begun,
                List.of(new ProducerRecord<>(
                        record.topic(), null, record.timestamp(), record.key(), record.value(), record.headers())));
    }

    /** Does what follows from what has come out. */
    void proceed() {
        for (Runnable next = news.poll(); next != null; next = news.poll()) {
            next.run();
        }
    }

    /** Withdraws what was not begun, and waits for what was: that long at most. */
    void finish(Collection<TopicPartition> partitions, Duration timeout) {
        inFlight.removeIf(begun -> partitions.contains(begun.partition()) && begun.withdraw());
        long limit = System.nanoTime() + timeout.toNanos();
        try {
            while (inFlight.stream().anyMatch(begun -> partitions.contains(begun.partition()))) {
                Runnable next = news.poll(limit - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    LOG.warnf("given away before all was done that was begun partitions=%s", partitions);
                    return;
                }
                next.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Their next owner does with them what is to be done; what is not begun is not begun here. */
    void forget(Collection<TopicPartition> partitions) {
        inFlight.removeIf(begun -> {
            boolean isGone = partitions.contains(begun.partition());
            if (isGone) {
                begun.withdraw();
            }
            return isGone;
        });
    }

    private void settle(InFlight begun, HandlerOutcome outcome) {
        if (!inFlight.contains(begun)) {
            return;
        }
        if (outcome instanceof HandlerOutcome.FollowedBy followed) {
            publish(begun, followed.next());
            return;
        }
        inFlight.remove(begun);
        if (outcome instanceof HandlerOutcome.NotBefore later) {
            begun.progress().waitUntil(begun.record().offset(), later.time());
        } else {
            begun.progress().finish(begun.record().offset());
        }
    }

    private void publish(InFlight begun, List<ProducerRecord<byte[], byte[]>> next) {
        if (next.isEmpty()) {
            settle(begun, HandlerOutcome.FINISHED);
        } else if (inFlight.contains(begun) && begun.begin()) {
            publisher
                    .publishAsync(next.get(0))
                    .whenComplete((done, failure) -> news.add(() -> published(begun, next, failure)));
        }
    }

    private void published(InFlight begun, List<ProducerRecord<byte[], byte[]>> next, Throwable failure) {
        boolean isDeadLetter = next.get(0).topic().equals(Topic.DEAD_LETTERS.topicName());
        if (failure == null) {
            deadLettered.add(isDeadLetter ? 1 : 0);
            publish(begun, next.subList(1, next.size()));
        } else if (PublicationException.isRetriable(failure) || isDeadLetter) {
            LOG.warnf("record waits for what follows from it record=%s reason=%s", begun, failure.getMessage());
            CompletableFuture.delayedExecutor(PUBLISH_AGAIN.toMillis(), TimeUnit.MILLISECONDS, news::add)
                    .execute(() -> publish(begun, next));
        } else {
            settle(begun, deadLettered(begun.record(), failure));
        }
    }

    private static HandlerOutcome deadLettered(ConsumerRecord<byte[], byte[]> record, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean isSaid = cause instanceof InvalidMessageException
                || cause instanceof IllegalArgumentException
                || cause instanceof PublicationException;
        String reason = isSaid ? cause.getMessage() : cause.toString();
        LOG.warnf("record dead-lettered record=%s reason=%s", InFlight.name(record), reason);
        return new HandlerOutcome.FollowedBy(DeadLetter.of(record, reason));
    }
}
