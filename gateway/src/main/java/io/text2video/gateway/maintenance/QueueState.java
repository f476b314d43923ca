package io.text2video.gateway.maintenance;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the workers' queues had come at some moment.
 *
 * @param topics that were asked about; a partition of them that is not here is gone
 */
record QueueState(Set<String> topics, Map<TopicPartition, Partition> partitions) {
    /**
     * One partition.
     *
     * @param start of the oldest record that is still there
     * @param end after the last record
     * @param done the broker hands out no record before it any more
     * @param left how many of those from {@code done} on are still to be done, where the broker says so
     */
    record Partition(long start, long end, long done, OptionalLong left) {}

    QueueState {
        topics = Set.copyOf(topics);
        partitions = Map.copyOf(partitions);
    }
}
