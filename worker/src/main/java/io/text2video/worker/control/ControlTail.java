package io.text2video.worker.control;

import io.text2video.common.control.ControlMessage;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.kafka.TopicFollower;
import java.io.IOException;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * Remembers whom {@code video.control} cancels from when this was opened on. Every worker reads every record: nobody knows who
 * has a job. A worker that hears of no cancel would draw for nobody.
 */
public final class ControlTail extends TopicFollower {
    private static final Logger LOG = Logger.getLogger(ControlTail.class);

    private final CancelledJobs cancelled;

    private ControlTail(Map<String, Object> kafka, CancelledJobs cancelled) {
        super("job-control", kafka, Topic.CONTROL.topicName());
        this.cancelled = cancelled;
    }

    /**
     * Begins to read: what is written after this has returned is seen.
     *
     * @param kafka client configuration, {@code bootstrap.servers} at least; the topic must exist
     * @throws IOException when the broker does not say where the topic ends
     */
    public static ControlTail open(Map<String, Object> kafka, CancelledJobs cancelled) throws IOException {
        var tail = new ControlTail(kafka, cancelled);
        tail.follow();
        return tail;
    }

    /** A malformed one is dead-lettered by the gateways, which read the topic as a group. */
    @Override
    protected void read(ConsumerRecord<byte[], byte[]> record) {
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
}
