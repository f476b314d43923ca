package io.text2video.worker.control;

import io.text2video.common.control.ControlMessage;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.kafka.ConsumerConfigs;
import io.text2video.kafka.ServiceThread;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Reads all of {@code video.control} from where it ended when this was opened, on a thread of its own, and remembers whom it
 * cancels. Every worker reads every record: nobody knows who has a job. While the broker is away it waits, and then reads
 * what was written meanwhile.
 */
public final class ControlTail extends ServiceThread {
    private static final Logger LOG = Logger.getLogger(ControlTail.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long LOOK_AGAIN = Duration.ofSeconds(30).toNanos();

    private final Consumer<byte[], byte[]> consumer;
    private final CancelledJobs cancelled;
    private Set<TopicPartition> assigned = Set.of();
    private long lookedAt;

    private ControlTail(Consumer<byte[], byte[]> consumer, CancelledJobs cancelled) {
        super("job-control");
        this.consumer = consumer;
        this.cancelled = cancelled;
    }

    /**
     * Begins to read: what is written after this has returned is seen.
     *
     * @param kafka client configuration, {@code bootstrap.servers} at least; the topic must exist
     * @throws IOException when the broker does not say where the topic ends
     */
    public static ControlTail open(Map<String, Object> kafka, CancelledJobs cancelled) throws IOException {
        Map<String, Object> config = ConsumerConfigs.withoutGroup(kafka);
        // Where the reading stood is gone with its records only when they are older than any job.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        var tail = new ControlTail(new KafkaConsumer<>(config), cancelled);
        try {
            tail.seekToEnd();
        } catch (KafkaException e) {
            tail.close();
            throw new IOException("the broker does not show %s: %s".formatted(topic(), e.getMessage()), e);
        }
        tail.start();
        return tail;
    }

    @Override
    protected void doWork() {
        if (System.nanoTime() - lookedAt > LOOK_AGAIN) {
            assignAll();
        }
        consumer.poll(POLL).forEach(this::read);
    }

    @Override
    protected void wakeup() {
        consumer.wakeup();
    }

    /** Whatever it was: a worker that hears of no cancel draws for nobody. */
    @Override
    protected boolean survives(Throwable failure) {
        return true;
    }

    @Override
    protected void cleanUp() {
        consumer.close();
    }

    private void seekToEnd() {
        Set<TopicPartition> partitions = assignAll();
        consumer.seekToEnd(partitions);
        // Asks the broker now, and not at the first poll.
        partitions.forEach(consumer::position);
    }

    /** A malformed one is dead-lettered by the gateways, which read the topic as a group. */
    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            ControlMessage message = JsonCodec.read(record.value(), ControlMessage.class);
            switch (message.action()) {
                case CANCEL -> cancelled.add(message.id());
                case REFUSE -> LOG.debugf("nothing to stop, the refused job was not begun job=%s", message.id());
            }
        } catch (InvalidMessageException | RuntimeException e) {
            LOG.warnf(
                    "control record skipped topic=%s partition=%d offset=%d reason=%s",
                    record.topic(), record.partition(), record.offset(), e);
        }
    }

    /** A partition that is new is read from its start. */
    private Set<TopicPartition> assignAll() {
        Set<TopicPartition> partitions = consumer.partitionsFor(topic()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .collect(Collectors.toSet());
        Set<TopicPartition> added = new HashSet<>(partitions);
        added.removeAll(assigned);
        if (!added.isEmpty()) {
            added.addAll(assigned);
            consumer.assign(added);
            assigned = added;
        }
        lookedAt = System.nanoTime();
        return assigned;
    }

    private static String topic() {
        return Topic.CONTROL.topicName();
    }
}
