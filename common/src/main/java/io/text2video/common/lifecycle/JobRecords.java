package io.text2video.common.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.control.ControlMessage;
import io.text2video.common.event.CloudEvents;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.common.webhook.WebhookLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What the topics are told of a job. */
public final class JobRecords {
    private JobRecords() {}

    /** The job stands so. */
    public static ProducerRecord<byte[], byte[]> state(JobSnapshot job) {
        return record(Topic.JOBS, job.id(), JsonCodec.write(job));
    }

    /** Nothing is known of the job any more. */
    public static ProducerRecord<byte[], byte[]> forgotten(JobId id) {
        return record(Topic.JOBS, id, null);
    }

    /** That happened to a job. */
    public static ProducerRecord<byte[], byte[]> event(VideoEvent event) {
        var record = CloudEvents.record(event);
        return new ProducerRecord<>(
                record.topic(), null, null, record.key().getBytes(UTF_8), record.value(), record.headers());
    }

    /**
     * The job has ended: the event, the webhook when it has one that is to be called for it, and last its state. To be sent in this order, each when the
     * broker has the one before: a job whose state says that it has ended may be deleted, and then nobody can tell its end any
     * more. The same each time for one end; of one that is deleted, the state alone.
     */
    public static List<ProducerRecord<byte[], byte[]>> end(JobSnapshot job) {
        if (job.status() == JobStatus.DELETED) {
            return List.of(state(job));
        }
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        records.add(event(VideoEvent.of(job)));
        webhook(job).ifPresent(records::add);
        records.add(state(job));
        return records;
    }

    /** The call that tells of the job's state, if somebody wants it. */
    public static Optional<ProducerRecord<byte[], byte[]>> webhook(JobSnapshot job) {
        return isWanted(job, WebhookEvent.of(job.status()))
                ? Optional.of(webhook(WebhookDelivery.first(job)))
                : Optional.empty();
    }

    /**
     * The job is deleted: the webhook, when it is to be called for that, the state, and nothing more in the log of its
     * deliveries; to be sent in this order.
     *
     * @param mayCall false where the webhook's receiver wants no more of the job
     */
    public static List<ProducerRecord<byte[], byte[]>> deletion(JobSnapshot ended, Instant now, boolean mayCall) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        if (mayCall && isWanted(ended, WebhookEvent.DELETED)) {
            records.add(webhook(WebhookDelivery.ofDeletion(ended, now)));
        }
        records.add(state(ended.deleted()));
        Stream.of(WebhookEvent.QUEUED, WebhookEvent.IN_PROGRESS, WebhookEvent.of(ended.status()))
                .filter(event -> isWanted(ended, event))
                .forEach(event -> records.add(unlogged(ended.id(), event)));
        return records;
    }

    /** How a delivery stands. */
    public static ProducerRecord<byte[], byte[]> log(WebhookLog log) {
        return new ProducerRecord<>(Topic.WEBHOOK_LOG.topicName(), log.key().getBytes(UTF_8), JsonCodec.write(log));
    }

    /** Nothing is in the log of that delivery any more. */
    public static ProducerRecord<byte[], byte[]> unlogged(JobId id, WebhookEvent type) {
        String key = WebhookDelivery.webhookId(id, type);
        return new ProducerRecord<>(Topic.WEBHOOK_LOG.topicName(), key.getBytes(UTF_8), null);
    }

    /** Nobody wants the job any more. */
    public static ProducerRecord<byte[], byte[]> cancel(JobId id, Instant now) {
        return control(new ControlMessage(ControlMessage.VERSION, id, ControlMessage.Action.CANCEL, now, null));
    }

    /**
     * A record that names the job is no request: whoever knows all requests is to fail the job, if it has no other.
     *
     * @param recordTime of that record
     */
    public static ProducerRecord<byte[], byte[]> refused(JobId id, JobError error, Instant recordTime) {
        return control(new ControlMessage(ControlMessage.VERSION, id, ControlMessage.Action.REFUSE, recordTime, error));
    }

    private static boolean isWanted(JobSnapshot job, WebhookEvent event) {
        return job.webhook() != null && job.webhook().wants(event);
    }

    /** A call to make. */
    public static ProducerRecord<byte[], byte[]> webhook(WebhookDelivery delivery) {
        return record(Topic.WEBHOOKS, delivery.id(), JsonCodec.write(delivery));
    }

    private static ProducerRecord<byte[], byte[]> control(ControlMessage message) {
        return record(Topic.CONTROL, message.id(), JsonCodec.write(message));
    }

    private static ProducerRecord<byte[], byte[]> record(Topic topic, JobId id, byte[] value) {
        return new ProducerRecord<>(topic.topicName(), id.toString().getBytes(UTF_8), value);
    }
}
