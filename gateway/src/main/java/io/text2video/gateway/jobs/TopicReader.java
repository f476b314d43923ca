package io.text2video.gateway.jobs;

import io.text2video.common.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * The thread that reads the topics and owns the consumer. Requests and jobs are read from their beginning, events from
 * their end. While the broker is away it waits; anything else that fails ends it, and liveness with it.
 */
final class TopicReader implements Runnable, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Set<String> STATE = Set.of(Topic.REQUESTS.topicName(), Topic.JOBS.topicName());

    private final Consumer<byte[], byte[]> consumer;
    private final RecordReader records;
    private final Positions positions;
    private final Thread thread = new Thread(this, "job-view");
    private final Set<TopicPartition> assigned = new HashSet<>();
    private volatile boolean closing;
    private volatile long lag;

    TopicReader(Consumer<byte[], byte[]> consumer, RecordReader records, Positions positions) {
        this.consumer = consumer;
        this.records = records;
        this.positions = positions;
    }

    /** Returns when it is known what there is to read. */
    void start() {
        assignNewPartitions();
        positions.advance(assigned.stream()
                .filter(TopicReader::holdsState)
                .collect(Collectors.toMap(partition -> partition, partition -> 0L)));
        thread.start();
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    /** Records of the state that are not read yet. */
    long lag() {
        return lag;
    }

    @Override
    public void run() {
        try (consumer) {
            while (!closing) {
                read();
            }
        } catch (WakeupException e) {
            LOG.debug("job view closed");
        } catch (RuntimeException e) {
            LOG.error("job view ended, this gateway must be restarted", e);
        }
    }

    private void read() {
        try {
            assignNewPartitions();
            consumer.poll(POLL).forEach(records::read);
            tellPositions();
        } catch (TimeoutException e) {
            LOG.warnf("broker does not answer, the job view waits reason=%s", e.getMessage());
        }
    }

    /** Costs nothing while the consumer's metadata are fresh. */
    private void assignNewPartitions() {
        List<TopicPartition> found = new ArrayList<>();
        for (Topic topic : List.of(Topic.REQUESTS, Topic.JOBS, Topic.EVENTS)) {
            consumer.partitionsFor(topic.topicName())
                    .forEach(info -> found.add(new TopicPartition(info.topic(), info.partition())));
        }
        found.removeAll(assigned);
        if (!found.isEmpty()) {
            assigned.addAll(found);
            consumer.assign(assigned);
            Map<Boolean, List<TopicPartition>> byKind =
                    found.stream().collect(Collectors.partitioningBy(TopicReader::holdsState));
            consumer.seekToBeginning(byKind.get(true));
            consumer.seekToEnd(byKind.get(false));
        }
    }

    private void tellPositions() {
        Map<TopicPartition, Long> read = new HashMap<>();
        long behind = 0;
        for (TopicPartition partition : assigned) {
            if (holdsState(partition)) {
                read.put(partition, consumer.position(partition));
                behind += consumer.currentLag(partition).orElse(0);
            }
        }
        lag = behind;
        positions.advance(read);
    }

    private static boolean holdsState(TopicPartition partition) {
        return STATE.contains(partition.topic());
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
