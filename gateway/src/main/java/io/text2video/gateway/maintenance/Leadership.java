package io.text2video.gateway.maintenance;

import io.text2video.common.topic.Topic;
import io.text2video.kafka.ConsumerConfigs;
import io.text2video.kafka.ConsumerThread;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Which of the gateways does what only one is to do: the one that owns the single partition of {@code video.models} in
 * the consumer group {@code video-housekeeping}. It reads nothing. When it leaves or falls silent, the broker gives the
 * partition to another.
 *
 * <p>Owning is believed only as long as the broker has lately confirmed it, which takes a commit: a gateway that is cut off
 * or was stopped ceases to lead before another begins. Owns a consumer and a thread. Closing it leaves the group: another
 * gateway takes over at once.
 */
public final class Leadership extends ConsumerThread {
    /** The consumer group of all gateways. */
    public static final String GROUP = "video-housekeeping";

    private static final Logger LOG = Logger.getLogger(Leadership.class);
    private static final TopicPartition TOKEN = new TopicPartition(Topic.MODELS.topicName(), 0);

    private final Duration beat;
    private final long trust;
    private volatile boolean leads;
    private volatile long confirmed;

    private Leadership(Map<String, Object> kafka, Duration session) {
        super("leadership", new KafkaConsumer<>(config(kafka, session)));
        beat = session.dividedBy(6);
        // The broker may have heard the last heartbeat before the commit, but not longer ago than one interval.
        trust = session.minus(session.dividedBy(3)).toNanos();
        consumer.subscribe(List.of(TOKEN.topic()), new Token());
    }

    /**
     * Joins the gateways that may lead.
     *
     * @param kafka client configuration, {@code bootstrap.servers} at least; the topics must exist
     * @param session after such a silence another gateway takes over; not less than the broker's
     *     {@code group.min.session.timeout.ms}
     */
    public static Leadership seek(Map<String, Object> kafka, Duration session) {
        var leadership = new Leadership(kafka, session);
        leadership.start();
        return leadership;
    }

    /** Whether this gateway leads, as far as the broker has lately confirmed. Any thread may ask, as often as it likes. */
    public boolean isLeader() {
        return leads && System.nanoTime() - confirmed < trust;
    }

    @Override
    protected void doWork() throws InterruptedException {
        try {
            consumer.poll(beat);
            if (consumer.assignment().contains(TOKEN)) {
                confirm();
            }
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.debugf("leadership not confirmed cause=%s", e.getMessage());
            pause(beat);
        }
    }

    @Override
    protected void beforeClose() {
        leads = false;
    }

    /** The group takes a commit only from a member that it still knows. */
    private void confirm() {
        long asked = System.nanoTime();
        consumer.commitSync(Map.of(TOKEN, new OffsetAndMetadata(0)), beat);
        confirmed = asked;
        if (!leads) {
            leads = true;
            LOG.infof("this gateway leads group=%s", GROUP);
        }
    }

    private static Map<String, Object> config(Map<String, Object> kafka, Duration session) {
        Map<String, Object> config = ConsumerConfigs.ofMember(kafka, GROUP);
        int millis = Math.toIntExact(session.toMillis());
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, millis);
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, millis / 3);
        config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, millis);
        // The partition stays where it is when another gateway comes.
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        return config;
    }

    /** On the thread that polls. */
    private final class Token implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.pause(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (partitions.contains(TOKEN) && leads) {
                leads = false;
                LOG.infof("this gateway leads no more group=%s", GROUP);
            }
        }
    }
}
