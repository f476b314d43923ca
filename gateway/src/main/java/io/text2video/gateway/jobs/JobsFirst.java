package io.text2video.gateway.jobs;

import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Has the jobs' states read before the requests: a request says nothing new of a job that was started, and need then
 * neither be read through nor kept. For the reader's thread.
 */
final class JobsFirst {
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Set<TopicPartition> waiting = new HashSet<>();

    JobsFirst(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Of these partitions, assigned but not read yet, those of requests wait for those of jobs that there are now. */
    void begin(Collection<TopicPartition> partitions) {
        Set<TopicPartition> jobs = partitions.stream()
                .filter(partition -> partition.topic().equals(Topic.JOBS.topicName()))
                .collect(Collectors.toSet());
        if (!jobs.isEmpty()) {
            ends.putAll(consumer.endOffsets(jobs));
        }
        partitions.stream().filter(JobsFirst::holdsRequests).forEach(waiting::add);
        consumer.pause(waiting);
    }

    private static boolean holdsRequests(TopicPartition partition) {
        return Pool.ofTopic(partition.topic()).isPresent() || partition.topic().equals(Topic.RETRY.topicName());
    }

    /** After a read: lets the requests follow when it is their turn. */
    void proceed() {
        ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
        if (ends.isEmpty() && !waiting.isEmpty()) {
            consumer.resume(waiting);
            waiting.clear();
        }
    }
}
