package io.text2video.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * A thread that reads all of a topic, from where it ends at the start or from its beginning, as a member of no group. While the broker is away it
 * waits, and then reads what was written meanwhile. No failure ends it.
 */
public abstract class TopicFollower extends ConsumerThread {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long LOOK_AGAIN = Duration.ofSeconds(30).toNanos();

    private final String topic;
    private Set<TopicPartition> assigned = Set.of();
    private long lookedAt;

    /**
     * @param name of the thread, and of its health check
     * @param kafka client configuration, {@code bootstrap.servers} at least
     * @param topic which must exist
     */
    protected TopicFollower(String name, Map<String, Object> kafka, String topic) {
        super(name, new KafkaConsumer<>(config(kafka)));
        this.topic = topic;
    }

    /** On the thread itself; of what is thrown, the rest of what was fetched with it goes unread. */
    protected abstract void read(ConsumerRecord<byte[], byte[]> record);

    /**
     * Starts the thread: what is written after this has returned is read.
     *
     * @throws IOException when the broker does not say where the topic ends; then this is closed
     */
    public final void follow() throws IOException {
        try {
            Set<TopicPartition> partitions = assignAll();
            consumer.seekToEnd(partitions);
            // Asks the broker now, and not at the first poll.
            partitions.forEach(consumer::position);
        } catch (KafkaException e) {
            close();
            throw new IOException("the broker does not show %s: %s".formatted(topic, e.getMessage()), e);
        }
        start();
    }

    /**
     * The same from the topic's beginning: what is on it at this call is read when this returns, by the caller's thread.
     *
     * @throws IOException when the broker does not hand it over in that time; then this is closed
     */
    public final void followFromStart(Duration timeout) throws IOException {
        long limit = System.nanoTime() + timeout.toNanos();
        try {
            Set<TopicPartition> partitions = assignAll();
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                if (System.nanoTime() - limit > 0) {
                    throw new TimeoutException("not read to its end within " + timeout);
                }
                consumer.poll(POLL).forEach(this::read);
            }
        } catch (KafkaException e) {
            close();
            throw new IOException("the broker does not show %s: %s".formatted(topic, e.getMessage()), e);
        }
        start();
    }

    @Override
    protected final void doWork() {
        if (System.nanoTime() - lookedAt > LOOK_AGAIN) {
            assignAll();
        }
        consumer.poll(POLL).forEach(this::read);
    }

    @Override
    protected final boolean survives(Throwable failure) {
        return true;
    }

    /** A partition that is new is read from its start. */
    private Set<TopicPartition> assignAll() {
        Set<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .collect(Collectors.toSet());
        if (!assigned.containsAll(partitions)) {
            assigned = new HashSet<>(assigned);
            assigned.addAll(partitions);
            consumer.assign(assigned);
        }
        lookedAt = System.nanoTime();
        return assigned;
    }

    private static Map<String, Object> config(Map<String, Object> kafka) {
        Map<String, Object> config = ConsumerConfigs.withoutGroup(kafka);
        // A new partition begins so. Where the reading stood is gone only with records that are older than any job.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return config;
    }
}
