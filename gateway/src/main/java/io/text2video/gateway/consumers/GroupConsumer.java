package io.text2video.gateway.consumers;

import io.text2video.kafka.ConsumerConfigs;
import io.text2video.kafka.ConsumerThread;
import io.text2video.kafka.ReliablePublisher;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * A member of a consumer group that hands a topic's records over when they are due, all of them at once, so that none waits
 * for another. One that is not due stays where it is: its offset is remembered, and read again in time. What is finished is
 * committed at once, also behind one that is not ({@link PartitionProgress}): the partition's next owner repeats none of it.
 * Before a partition is given away, or this member leaves, what was begun is waited for.
 *
 * <p>A record may be handed over twice when its process is killed meanwhile, and is never lost. While the broker is away all
 * of them wait. Owns a consumer and a producer.
 */
public final class GroupConsumer extends ConsumerThread {
    private static final Logger LOG = Logger.getLogger(GroupConsumer.class);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(1);
    private static final Duration SHORTEST_POLL = Duration.ofMillis(20);
    private static final Duration BROKER_TIMEOUT = Duration.ofSeconds(5);
    private static final int MOST_IN_FLIGHT = 4_096;
    private static final int SESSION_TIMEOUT_MS = 10_000;

    private final ReliablePublisher publisher;
    private final HandedOver handedOver;
    private final Duration releaseTimeout;
    private final int mostOpen;
    private final String topic;
    private final Map<TopicPartition, PartitionProgress> owned = new HashMap<>();
    private volatile long waiting;

    /** @param kafka client configuration, {@code bootstrap.servers} at least; the topic must exist */
    public GroupConsumer(Map<String, Object> kafka, Subscription subscription) {
        this(kafka, subscription, PartitionProgress.MOST_OPEN);
    }

    GroupConsumer(Map<String, Object> kafka, Subscription subscription, int mostOpen) {
        super(subscription.group(), new KafkaConsumer<>(consumerConfig(kafka, subscription.group())));
        releaseTimeout = subscription.releaseTimeout();
        this.mostOpen = mostOpen;
        publisher = new ReliablePublisher(producerConfig(kafka));
        handedOver = new HandedOver(subscription.handler(), publisher);
        topic = subscription.topic().topicName();
        consumer.subscribe(List.of(topic), new Rebalances());
    }

    @Override
    protected void doWork() {
        var records = consumer.poll(pollTimeout());
        for (TopicPartition partition : records.partitions()) {
            read(partition, records.records(partition));
        }
        handedOver.proceed();
        if (tryCommit()) {
            takeOver();
        }
        seek();
        waiting = owned.entrySet().stream()
                .mapToLong(entry -> waiting(entry.getKey(), entry.getValue()))
                .sum();
    }

    /** The topic that it reads. */
    String topic() {
        return topic;
    }

    /** Records of the partitions that it has which are not done: also those that are not due. Any thread may ask. */
    long waiting() {
        return waiting;
    }

    /** How many records it has sent to the dead letters. Any thread may ask. */
    long deadLettered() {
        return handedOver.deadLettered();
    }

    private long waiting(TopicPartition partition, PartitionProgress progress) {
        long end = progress.position() + consumer.currentLag(partition).orElse(0);
        return progress.open() + Math.max(0, end - progress.next());
    }

    @Override
    protected boolean survives(Throwable failure) {
        return failure instanceof KafkaException;
    }

    @Override
    protected void beforeClose() {
        try (publisher) {
            handedOver.finish(owned.keySet(), releaseTimeout);
            commitAtTheEnd();
        }
    }

    private Duration pollTimeout() {
        Instant now = Instant.now();
        Duration timeout = handedOver.size() == 0 ? LONGEST_POLL : SHORTEST_POLL;
        for (PartitionProgress progress : owned.values()) {
            Instant due = progress.earliestDue();
            if (due.isBefore(now.plus(timeout))) {
                timeout = Duration.between(now, due);
            }
        }
        return timeout.compareTo(SHORTEST_POLL) < 0 ? SHORTEST_POLL : timeout;
    }

    private void read(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        Instant now = Instant.now();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            PartitionProgress progress = owned.get(partition);
            if (record.offset() < progress.first()) {
                LOG.warnf("topic made anew, read from its beginning partition=%s", partition);
                forget(Set.of(partition));
                progress = PartitionProgress.from(record.offset(), mostOpen);
                owned.put(partition, progress);
            }
            switch (progress.take(record.offset(), now)) {
                case HAND_OVER -> handedOver.handOver(record, progress);
                case MOVE -> handedOver.move(record, progress);
                case SKIP -> {}
            }
        }
    }

    private void commit(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            PartitionProgress progress = owned.get(partition);
            if (progress != null && progress.isChanged()) {
                offsets.put(partition, progress.commit());
            }
        }
        if (offsets.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets, BROKER_TIMEOUT);
        } catch (WakeupException e) {
            // It is to close, and does when this is safe.
            consumer.commitSync(offsets, BROKER_TIMEOUT);
        }
        offsets.keySet().forEach(partition -> owned.get(partition).committed());
    }

    /** During a rebalance the group takes no commits, and goes on only if this member polls. */
    private void commitAtTheEnd() {
        long limit = System.nanoTime() + BROKER_TIMEOUT.toNanos();
        try {
            consumer.pause(consumer.assignment());
            while (!tryCommit() && System.nanoTime() - limit < 0) {
                consumer.poll(SHORTEST_POLL);
            }
        } catch (KafkaException e) {
            logNotCommitted(e);
        }
    }

    /** Whether all that is finished is committed. */
    private boolean tryCommit() {
        try {
            commit(owned.keySet());
            return true;
        } catch (RebalanceInProgressException e) {
            LOG.debugf("commit waits for the rebalance group=%s", name());
            return false;
        }
    }

    /** Asks how far new partitions are done, which are paused until then. */
    private void takeOver() {
        Set<TopicPartition> added = new HashSet<>(consumer.assignment());
        added.removeAll(owned.keySet());
        if (added.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(added, BROKER_TIMEOUT);
        for (TopicPartition partition : added) {
            OffsetAndMetadata known = committed.get(partition);
            PartitionProgress progress = known == null
                    ? PartitionProgress.from(consumer.position(partition, BROKER_TIMEOUT), mostOpen)
                    : PartitionProgress.from(known, mostOpen);
            consumer.seek(partition, progress.position());
            owned.put(partition, progress);
        }
    }

    /** Goes back to what is due, and on to what was not read yet. */
    private void seek() {
        Instant now = Instant.now();
        boolean isRoom = handedOver.size() < MOST_IN_FLIGHT;
        owned.forEach((partition, progress) -> {
            OptionalLong wanted = isRoom ? progress.wanted(now) : OptionalLong.empty();
            if (wanted.isEmpty()) {
                consumer.pause(Set.of(partition));
                return;
            }
            if (wanted.getAsLong() != progress.position()) {
                progress.seek(wanted.getAsLong());
                consumer.seek(partition, wanted.getAsLong());
            }
            consumer.resume(Set.of(partition));
        });
    }

    private void release(Collection<TopicPartition> partitions) {
        handedOver.finish(partitions, releaseTimeout);
        try {
            commit(partitions);
        } catch (KafkaException e) {
            logNotCommitted(e);
        }
        forget(partitions);
    }

    private void logNotCommitted(KafkaException failure) {
        LOG.warnf("not committed, the next owner repeats it group=%s reason=%s", name(), failure.getMessage());
    }

    private void forget(Collection<TopicPartition> partitions) {
        handedOver.forget(partitions);
        partitions.forEach(owned::remove);
    }

    static Map<String, Object> consumerConfig(Map<String, Object> kafka, String group) {
        Map<String, Object> config = ConsumerConfigs.ofMember(kafka, group);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // What a gateway had that was killed waits for so long, of several one after the other.
        config.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS);
        // Other partitions stay where they are when a gateway comes or goes.
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        // What is due is read at its offset: little else is to come with it, and it is not to wait for an earlier
        // fetch.
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 256 << 10);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        return config;
    }

    /** What follows from a record is not given up: it would be done again. */
    private static Map<String, Object> producerConfig(Map<String, Object> kafka) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BROKER_TIMEOUT.toMillis());
        return config;
    }

    /** On the thread that polls. */
    private final class Rebalances implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.pause(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            release(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            forget(partitions);
        }
    }
}
