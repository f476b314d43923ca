package io.text2video.gateway.maintenance;

import io.text2video.common.topic.Pool;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Asks the broker how far the workers' queues have come. A pool's workers are a share group, or where the broker has none a
 * consumer group; whichever of the two there is tells. The admin client is its caller's.
 */
final class QueueStates {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Admin admin;

    QueueStates(Admin admin) {
        this.admin = admin;
    }

    /**
     * The state of those topics, all of them pools'.
     *
     * @throws IOException when the broker does not answer
     */
    QueueState ask(Set<String> topics) throws IOException {
        Map<TopicPartition, QueueState.Partition> partitions = new HashMap<>();
        for (String topic : topics) {
            partitions.putAll(ask(topic));
        }
        return new QueueState(topics, partitions);
    }

    /** The ends come first: whatever lies before them was there when the group was asked. */
    private Map<TopicPartition, QueueState.Partition> ask(String topic) throws IOException {
        Set<TopicPartition> partitions = partitions(topic);
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest());
        Pool pool = Pool.ofTopic(topic).orElseThrow();
        Map<TopicPartition, SharePartitionOffsetInfo> shared = shared(pool.group(), partitions);
        Map<TopicPartition, OffsetAndMetadata> committed = committed(pool.consumerGroup(), partitions);
        return partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> {
            SharePartitionOffsetInfo share = shared.get(partition);
            OffsetAndMetadata commit = committed.get(partition);
            long done = Math.max(share == null ? 0 : share.startOffset(), commit == null ? 0 : commit.offset());
            return new QueueState.Partition(starts.get(partition), ends.get(partition), done, left(share, commit));
        }));
    }

    private static OptionalLong left(SharePartitionOffsetInfo share, OffsetAndMetadata commit) {
        return share == null || commit != null
                ? OptionalLong.empty()
                : share.lag().map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    private Set<TopicPartition> partitions(String topic) throws IOException {
        try {
            return await(admin.describeTopics(Set.of(topic)).allTopicNames()).get(topic).partitions().stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .collect(Collectors.toSet());
        } catch (UnknownTopicOrPartitionException gone) {
            return Set.of();
        }
    }

    private Map<TopicPartition, Long> offsets(Set<TopicPartition> partitions, OffsetSpec spec) throws IOException {
        return await(admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), any -> spec)))
                        .all())
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, offset -> offset.getValue().offset()));
    }

    private Map<TopicPartition, SharePartitionOffsetInfo> shared(String group, Set<TopicPartition> partitions)
            throws IOException {
        try {
            return present(await(admin.listShareGroupOffsets(
                            Map.of(group, new ListShareGroupOffsetsSpec().topicPartitions(partitions)))
                    .partitionsToOffsetInfo(group)));
        } catch (GroupIdNotFoundException | UnsupportedVersionException none) {
            return Map.of();
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String group, Set<TopicPartition> partitions)
            throws IOException {
        try {
            return present(await(admin.listConsumerGroupOffsets(
                            Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)))
                    .partitionsToOffsetAndMetadata(group)));
        } catch (GroupIdNotFoundException none) {
            return Map.of();
        }
    }

    /** Where the group has not come to a partition yet, there is a null. */
    private static <T> Map<TopicPartition, T> present(Map<TopicPartition, T> offsets) {
        Map<TopicPartition, T> present = new HashMap<>(offsets);
        present.values().removeIf(offset -> offset == null);
        return present;
    }

    private static <T> T await(KafkaFuture<T> answer) throws IOException {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException
                    || e.getCause() instanceof UnsupportedVersionException
                    || e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw (RuntimeException) e.getCause();
            }
            throw new IOException(
                    "the broker does not tell how far the queue is: "
                            + e.getCause().getMessage(),
                    e);
        } catch (TimeoutException e) {
            throw new IOException("the broker does not tell how far the queue is within " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
