package io.text2video.gateway.jobs;

import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/** How far the view has read, and who waits for it to read further. Thread-safe. */
final class Positions {
    /**
     * A moment of the reading.
     *
     * @param read positions of the records that are to be read next, for every partition
     * @param topics whose partitions have been looked up; one that does not exist has none
     */
    record State(Map<TopicPartition, Long> read, Set<String> topics) {
        State {
            read = Map.copyOf(read);
            topics = Set.copyOf(topics);
        }
    }

    private record Waiter(Predicate<State> condition, CompletableFuture<Void> met) {}

    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    private volatile State current = new State(Map.of(), Set.of());

    void advance(State state) {
        current = state;
        completeThoseMet();
    }

    /** Completes once everything before {@code ends} has been read. */
    CompletableFuture<Void> reach(Map<TopicPartition, Long> ends) {
        return await(state -> ends.entrySet().stream()
                .allMatch(end -> state.read().getOrDefault(end.getKey(), -1L) >= end.getValue()));
    }

    /** Completes once it is known which partitions these topics have. */
    CompletableFuture<Void> lookUp(Set<String> topics) {
        return await(state -> state.topics().containsAll(topics));
    }

    Set<TopicPartition> partitions() {
        return current.read().keySet();
    }

    Set<String> topics() {
        return current.topics();
    }

    private CompletableFuture<Void> await(Predicate<State> condition) {
        var waiter = new Waiter(condition, new CompletableFuture<>());
        waiters.add(waiter);
        completeThoseMet();
        return waiter.met();
    }

    private void completeThoseMet() {
        State state = current;
        waiters.removeIf(
                waiter -> waiter.condition().test(state) && waiter.met().complete(null));
    }
}
