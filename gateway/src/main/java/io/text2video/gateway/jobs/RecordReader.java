package io.text2video.gateway.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.event.EventType;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.Messages;
import io.text2video.common.topic.Topic;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * Takes records into the index. One that cannot be read is skipped: of requests, the worker that is handed it parks it
 * on the dead-letter topic; the other topics are the fleet's own.
 */
final class RecordReader {
    private static final Logger LOG = Logger.getLogger(RecordReader.class);

    private final JobIndex index;

    RecordReader(JobIndex index) {
        this.index = index;
    }

    void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.topic().equals(Topic.REQUESTS.topicName())) {
                index.put(JobSnapshot.queued(
                        Messages.read(record.value(), VideoRequest.class), Instant.ofEpochMilli(record.timestamp())));
            } else if (record.topic().equals(Topic.JOBS.topicName())) {
                readJob(record);
            } else {
                readEvent(Messages.read(record.value(), VideoEvent.class));
            }
        } catch (InvalidMessageException | IllegalArgumentException e) {
            LOG.warnf(
                    "record skipped topic=%s partition=%d offset=%d reason=%s",
                    record.topic(), record.partition(), record.offset(), e.getMessage());
        }
    }

    private void readJob(ConsumerRecord<byte[], byte[]> record) throws InvalidMessageException {
        if (record.value() == null && record.key() != null) {
            index.remove(JobId.parse(new String(record.key(), UTF_8)));
        } else {
            index.put(Messages.read(record.value(), JobSnapshot.class));
        }
    }

    private void readEvent(VideoEvent event) {
        if (event.type() == EventType.PROGRESS && event.step() != null && event.steps() != null && event.steps() > 0) {
            int percent = (int) Math.max(0, Math.min(100, 100L * event.step() / event.steps()));
            index.put(event.id(), new Progress(event.attempt(), percent));
        }
    }
}
