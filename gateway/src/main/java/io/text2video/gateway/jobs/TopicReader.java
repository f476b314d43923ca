package io.text2video.gateway.jobs;

import io.text2video.kafka.ConsumerThread;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

/**
 * The thread that reads the topics and owns the consumer. Requests, jobs and models are read from their beginning,
 * events from their end, jobs before requests. While the broker is away it waits; anything else that fails ends it.
 */
final class TopicReader extends ConsumerThread {
    private static final Logger LOG = Logger.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long LOOK_AGAIN = Duration.ofSeconds(30).toNanos();
    private static final long BREATH = Duration.ofMillis(1).toNanos();

    private final Topics topics;
    private final RecordReader records;
    private final Positions positions;
    private final JobsFirst jobsFirst;
    private Set<TopicPartition> assigned = Set.of();
    private long lookedAt;
    private boolean lookUpDue;
    private volatile long lag;

    TopicReader(Consumer<byte[], byte[]> consumer, Topics topics, RecordReader records, Positions positions) {
        super("job-view", consumer);
        this.topics = topics;
        this.records = records;
        this.positions = positions;
        jobsFirst = new JobsFirst(consumer);
    }

    /** Finds out what there is to read. To be called once, before the start. */
    void prepare() {
        topics.addThoseThere();
        lookUpPartitions();
    }

    /** Records of the state that are not read yet. */
    long lag() {
        return lag;
    }

    @Override
    protected void doWork() {
        try {
            lookUpDue |= topics.addThoseNamed() || System.nanoTime() - lookedAt > LOOK_AGAIN;
            if (lookUpDue) {
                lookUpPartitions();
            }
            consumer.poll(POLL).forEach(records::read);
            jobsFirst.proceed();
            publishPositions(Set.of());
            letOthersWork();
        } catch (TimeoutException e) {
            LOG.warnf("broker does not answer, the job view waits reason=%s", e.getMessage());
        }
    }

    /** Where there is much to read and there are few processors, who asks meanwhile would wait for one. */
    private void letOthersWork() {
        if (lag > JobView.FAR_BEHIND) {
            LockSupport.parkNanos(BREATH);
        }
    }

    /** Whoever waits for a topic to be looked up need not wait for its first record too. */
    private void lookUpPartitions() {
        Set<TopicPartition> found = topics.partitions(assigned);
        Set<TopicPartition> added = new HashSet<>(found);
        added.removeAll(assigned);
        if (!found.equals(assigned)) {
            consumer.assign(found);
            Map<Boolean, List<TopicPartition>> byKind =
                    added.stream().collect(Collectors.partitioningBy(Topics::holdState));
            seek(byKind.get(true), consumer::seekToBeginning);
            seek(byKind.get(false), consumer::seekToEnd);
            jobsFirst.begin(added);
            assigned = found;
        }
        lookedAt = System.nanoTime();
        lookUpDue = false;
        publishPositions(added);
    }

    /** To the consumer, no partitions are all of them. */
    private static void seek(List<TopicPartition> partitions, java.util.function.Consumer<List<TopicPartition>> seek) {
        if (!partitions.isEmpty()) {
            seek.accept(partitions);
        }
    }

    /** @param unread partitions whose position is not known yet */
    private void publishPositions(Set<TopicPartition> unread) {
        Map<TopicPartition, Long> read = new HashMap<>();
        long behind = 0;
        for (TopicPartition partition : assigned) {
            if (Topics.holdState(partition)) {
                read.put(partition, unread.contains(partition) ? 0 : consumer.position(partition));
                behind += consumer.currentLag(partition).orElse(0);
            }
        }
        lag = behind;
        positions.advance(new Positions.State(read, topics.names()));
    }
}
