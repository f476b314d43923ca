package io.text2video.common.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.event.CloudEvents;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.json.Messages;
import io.text2video.common.topic.Topic;
import io.text2video.common.webhook.WebhookDelivery;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What the topics are told of a job. */
public final class JobRecords {
    private JobRecords() {}

    /** The job stands so. */
    public static ProducerRecord<byte[], byte[]> state(JobSnapshot job) {
        return record(Topic.JOBS, job, Messages.write(job));
    }

    /** That happened to a job. */
    public static ProducerRecord<byte[], byte[]> event(VideoEvent event) {
        var record = CloudEvents.record(event);
        return new ProducerRecord<>(
                record.topic(), null, null, record.key().getBytes(UTF_8), record.value(), record.headers());
    }

    /** The job has ended: its state, the event, and the webhook when it has one. The same each time for one end. */
    public static List<ProducerRecord<byte[], byte[]>> end(JobSnapshot job) {
        VideoEvent event = VideoEvent.of(job);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        records.add(state(job));
        records.add(event(event));
        if (job.webhook() != null) {
            records.add(record(Topic.WEBHOOKS, job, Messages.write(WebhookDelivery.first(job, event.type()))));
        }
        return records;
    }

    private static ProducerRecord<byte[], byte[]> record(Topic topic, JobSnapshot job, byte[] value) {
        return new ProducerRecord<>(topic.topicName(), job.id().toString().getBytes(UTF_8), value);
    }
}
