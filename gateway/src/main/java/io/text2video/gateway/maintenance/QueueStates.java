package io.text2video.gateway.maintenance;

import io.text2video.common.topic.Pool;
import io.text2video.kafka.KafkaFutures;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Asks the broker how far the workers' queues have come. A pool's workers are a share group, or where the broker has none a
 * consumer group; whichever of the two there is has the offsets. The admin client is its caller's.
 */
final class QueueStates {
    /** Of one answer of the broker. */
    static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Admin admin;

    QueueStates(Admin admin) {
        this.admin = admin;
    }

    /**
     * The state of those topics. One that is no pool's has no group: nobody is done with any of its records.
     *
     * @throws IOException when the broker does not answer
     */
    QueueState ask(Set<String> topics) throws IOException {
        Map<TopicPartition, QueueState.Partition> partitions = new HashMap<>();
        try {
            for (String topic : topics) {
                partitions.putAll(ask(topic));
            }
        } catch (KafkaException e) {
            throw new IOException("the broker does not say how far the queue is: " + e.getMessage(), e);
        }
        return new QueueState(topics, partitions);
    }

    /** The ends come first: whatever lies before them was there when the group was asked. */
    private Map<TopicPartition, QueueState.Partition> ask(String topic) {
        Set<TopicPartition> partitions = partitions(topic);
        Map<TopicPartition, Long> ends = offsets(admin, partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> starts = offsets(admin, partitions, OffsetSpec.earliest());
        Optional<Pool> pool = Pool.ofTopic(topic);
        Map<TopicPartition, SharePartitionOffsetInfo> shared =
                pool.map(workers -> shared(workers.group(), partitions)).orElse(Map.of());
        Map<TopicPartition, OffsetAndMetadata> committed = pool.map(
                        workers -> committed(workers.consumerGroup(), partitions))
                .orElse(Map.of());
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

    private Set<TopicPartition> partitions(String topic) {
        try {
            return KafkaFutures.await(admin.describeTopics(Set.of(topic)).allTopicNames(), TIMEOUT)
                    .get(topic)
                    .partitions()
                    .stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .collect(Collectors.toSet());
        } catch (UnknownTopicOrPartitionException gone) {
            return Set.of();
        }
    }

    /** @throws KafkaException when the broker does not answer */
    static Map<TopicPartition, Long> offsets(Admin admin, Set<TopicPartition> partitions, OffsetSpec spec) {
        return KafkaFutures.await(
                        admin.listOffsets(
                                        partitions.stream().collect(Collectors.toMap(Function.identity(), any -> spec)))
                                .all(),
                        TIMEOUT)
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, offset -> offset.getValue().offset()));
    }

    private Map<TopicPartition, SharePartitionOffsetInfo> shared(String group, Set<TopicPartition> partitions) {
        try {
            return present(KafkaFutures.await(
                    admin.listShareGroupOffsets(
                                    Map.of(group, new ListShareGroupOffsetsSpec().topicPartitions(partitions)))
                            .partitionsToOffsetInfo(group),
                    TIMEOUT));
        } catch (GroupIdNotFoundException | UnsupportedVersionException none) {
            return Map.of();
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String group, Set<TopicPartition> partitions) {
        try {
            return present(KafkaFutures.await(
                    admin.listConsumerGroupOffsets(
                                    Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)))
                            .partitionsToOffsetAndMetadata(group),
                    TIMEOUT));
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
}
