package io.text2video.gateway.maintenance;

import io.text2video.common.job.JobSnapshot;
import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import io.text2video.kafka.KafkaFutures;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells which jobs' requests are no longer on any topic. The broker is asked, not the clock: it removes whole segments of
 * a log, and so keeps a record for longer than the topic's retention, by how long depends on its configuration. Owns the
 * admin client.
 */
final class ExpiredRequests implements AutoCloseable {
    /** No request of a job is published that long after the job's end: clocks differ, and a retry may have been due. */
    static final Duration MARGIN = Duration.ofDays(1);

    /** Where requests lie that are on no pool's topic. */
    private static final Set<String> OTHERS = Set.of(Topic.RETRY.topicName(), Topic.BACKLOG.topicName());

    private final Admin admin;

    ExpiredRequests(Admin admin) {
        this.admin = admin;
    }

    /**
     * Those of the jobs that no request can bring back.
     *
     * @param jobs that ended longer ago than {@link #MARGIN}, the earliest end first
     * @return some of the first of them; when it is none, there is none
     * @throws IOException when the broker does not answer
     */
    List<JobSnapshot> among(List<JobSnapshot> jobs) throws IOException {
        List<JobSnapshot> first = jobs;
        try {
            while (!first.isEmpty()
                    && !areGoneBefore(first.get(first.size() - 1).endedAt().plus(MARGIN))) {
                first = first.subList(0, first.size() / 2);
            }
            return first;
        } catch (KafkaException e) {
            throw new IOException("the broker does not say which requests it has: " + e.getMessage(), e);
        }
    }

    /** Whether every record of a request that is still there was written at that time or later. */
    private boolean areGoneBefore(Instant time) {
        Set<TopicPartition> partitions = partitions();
        Map<TopicPartition, Long> starts = QueueStates.offsets(admin, partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = QueueStates.offsets(admin, partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> later =
                QueueStates.offsets(admin, partitions, OffsetSpec.forTimestamp(time.toEpochMilli()));
        return partitions.stream().allMatch(partition -> {
            long found = later.get(partition);
            long firstLater = found < 0 ? ends.get(partition) : found;
            return firstLater <= starts.get(partition);
        });
    }

    private Set<TopicPartition> partitions() {
        Collection<String> topics = KafkaFutures.await(admin.listTopics().names(), QueueStates.TIMEOUT).stream()
                .filter(topic -> Pool.ofTopic(topic).isPresent() || OTHERS.contains(topic))
                .toList();
        return KafkaFutures.await(admin.describeTopics(topics).allTopicNames(), QueueStates.TIMEOUT).values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
