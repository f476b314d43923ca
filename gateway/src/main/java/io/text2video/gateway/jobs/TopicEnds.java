package io.text2video.gateway.jobs;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks the broker where its topics end. One question is under way at a time: who asks meanwhile shares the next one,
 * since the one under way may have been answered before what they look for was written.
 */
final class TopicEnds implements AutoCloseable {
    private final Admin admin;
    private final Supplier<Set<TopicPartition>> partitions;
    private CompletableFuture<Map<TopicPartition, Long>> underWay;
    private CompletableFuture<Map<TopicPartition, Long>> next;

    TopicEnds(Admin admin, Supplier<Set<TopicPartition>> partitions) {
        this.admin = admin;
        this.partitions = partitions;
    }

    /** The ends of all partitions at some moment after this call. */
    synchronized CompletableFuture<Map<TopicPartition, Long>> ask() {
        var question = next == null ? new CompletableFuture<Map<TopicPartition, Long>>() : next;
        if (underWay == null) {
            send(question);
        } else {
            next = question;
        }
        return question;
    }

    private void send(CompletableFuture<Map<TopicPartition, Long>> question) {
        underWay = question;
        var specs = partitions.get().stream()
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        admin.listOffsets(specs).all().toCompletionStage().whenComplete((ends, failure) -> {
            sendNext();
            if (failure == null) {
                question.complete(
                        ends.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue()
                                .offset())));
            } else {
                question.completeExceptionally(failure);
            }
        });
    }

    private synchronized void sendNext() {
        underWay = null;
        if (next != null) {
            CompletableFuture<Map<TopicPartition, Long>> question = next;
            next = null;
            send(question);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
