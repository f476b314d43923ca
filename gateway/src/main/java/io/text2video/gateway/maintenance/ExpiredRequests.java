package io.text2video.gateway.maintenance;

import io.text2video.common.job.JobSnapshot;
import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells which jobs' requests are no longer on any topic. The broker is asked, not the clock: it removes whole segments of
 * a log, and so keeps a record for longer than the topic's retention, by how long depends on its configuration. The admin
 * client is its caller's.
 */
final class ExpiredRequests {
    /** No request of a job is published that long after the job's end: clocks differ, and a retry may have been due. */
    static final Duration MARGIN = Duration.ofDays(1);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

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
        while (!first.isEmpty()
                && !areGoneBefore(first.get(first.size() - 1).endedAt().plus(MARGIN))) {
            first = first.subList(0, first.size() / 2);
        }
        return first;
    }

    /** Whether every record of a request that is still there was written at that time or later. */
    private boolean areGoneBefore(Instant time) throws IOException {
        Set<TopicPartition> partitions = partitions();
        Map<TopicPartition, ListOffsetsResultInfo> starts = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, ListOffsetsResultInfo> ends = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, ListOffsetsResultInfo> later =
                offsets(partitions, OffsetSpec.forTimestamp(time.toEpochMilli()));
        return partitions.stream().allMatch(partition -> {
            long found = later.get(partition).offset();
            long firstLater = found < 0 ? ends.get(partition).offset() : found;
            return firstLater <= starts.get(partition).offset();
        });
    }

    private Set<TopicPartition> partitions() throws IOException {
        Collection<String> topics = await(admin.listTopics().names()).stream()
                .filter(topic -> Pool.ofTopic(topic).isPresent() || topic.equals(Topic.RETRY.topicName()))
                .toList();
        return await(admin.describeTopics(topics).allTopicNames()).values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toSet());
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(Set<TopicPartition> partitions, OffsetSpec which)
            throws IOException {
        return await(admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which)))
                .all());
    }

    private static <T> T await(KafkaFuture<T> answer) throws IOException {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(
                    "the broker does not tell which requests it has: "
                            + e.getCause().getMessage(),
                    e);
        } catch (TimeoutException e) {
            throw new IOException("the broker does not tell which requests it has within " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
