package io.text2video.gateway.maintenance;

import io.text2video.gateway.jobs.OpenJob;
import io.text2video.gateway.jobs.OpenJobs;
import io.text2video.gateway.jobs.RequestPlace;
import java.util.Locale;
import java.util.Optional;

/** Why the broker will hand a job's request to no worker any more. */
enum Undeliverable {
    /** The request has expired, or its topic is gone. */
    EXPIRED,
    /** The broker is done with the record: it was accepted, rejected, or released too often. */
    ARCHIVED,
    /** The job was begun, and of the records that the broker still has in hand some jobs' are missing. */
    DROPPED;

    /** The metrics' tag. */
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What has become of a job that nothing was heard of; nothing when it may only be waiting.
     *
     * @param queue as it was before {@code open} was brought up to date
     */
    static Optional<Undeliverable> of(OpenJob job, QueueState queue, OpenJobs open) {
        RequestPlace request = job.request();
        if (request == null) {
            return Optional.of(EXPIRED);
        }
        QueueState.Partition partition = queue.partitions().get(request.topicPartition());
        if (partition == null) {
            return queue.topics().contains(request.topic()) ? Optional.of(EXPIRED) : Optional.empty();
        }
        if (request.offset() < partition.start()) {
            return Optional.of(EXPIRED);
        }
        if (request.offset() < partition.done() || isIdle(partition)) {
            return Optional.of(ARCHIVED);
        }
        return job.started() && misses(partition, request, open) ? Optional.of(DROPPED) : Optional.empty();
    }

    /** The broker moves the group's start no sooner than it has something else to write about the group. */
    private static boolean isIdle(QueueState.Partition partition) {
        return partition.left().isPresent() && partition.left().getAsLong() == 0;
    }

    private static boolean misses(QueueState.Partition partition, RequestPlace request, OpenJobs open) {
        return partition.left().isPresent()
                && partition.left().getAsLong()
                        < open.count(request.topicPartition(), partition.done(), partition.end());
    }
}
