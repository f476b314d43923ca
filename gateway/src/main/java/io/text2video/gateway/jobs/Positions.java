package io.text2video.gateway.jobs;

import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.TopicPartition;

/** How far the view has read, and who waits for it to read further. Thread-safe. */
final class Positions {
    private record Waiter(Map<TopicPartition, Long> ends, CompletableFuture<Void> reached) {}

    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    private volatile Map<TopicPartition, Long> current = Map.of();

    /** @param positions of the records that are to be read next, for every partition */
    void advance(Map<TopicPartition, Long> positions) {
        current = Map.copyOf(positions);
        completeThoseReached();
    }

    /** Completes once everything before {@code ends} has been read. */
    CompletableFuture<Void> reach(Map<TopicPartition, Long> ends) {
        var waiter = new Waiter(ends, new CompletableFuture<>());
        waiters.add(waiter);
        completeThoseReached();
        return waiter.reached();
    }

    Set<TopicPartition> partitions() {
        return current.keySet();
    }

    private void completeThoseReached() {
        Map<TopicPartition, Long> positions = current;
        waiters.removeIf(waiter -> {
            boolean reached = waiter.ends().entrySet().stream()
                    .allMatch(end -> positions.getOrDefault(end.getKey(), -1L) >= end.getValue());
            return reached && waiter.reached().complete(null);
        });
    }
}
