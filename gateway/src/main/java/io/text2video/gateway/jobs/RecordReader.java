package io.text2video.gateway.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.event.EventType;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.lifecycle.RetryHeaders;
import io.text2video.common.model.ModelCard;
import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import io.text2video.common.webhook.WebhookLog;
import io.text2video.gateway.deliveries.DeliveryLogs;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * Takes records into the index, the open jobs, the catalog and the logs of webhooks. One that cannot be read is skipped: a request is dead-lettered by
 * the worker that gets it; the other topics are the fleet's own.
 */
final class RecordReader {
    private static final Logger LOG = Logger.getLogger(RecordReader.class);

    private static final Set<String> ID = Set.of("id");

    private final JobIndex index;
    private final OpenJobs open;
    private final ModelCatalog models;
    private final DeliveryLogs deliveries;
    private final Consumer<JobId> changes;

    /** @param changes is told of each job that is no more as it was shown */
    RecordReader(JobIndex index, OpenJobs open, ModelCatalog models, DeliveryLogs deliveries, Consumer<JobId> changes) {
        this.index = index;
        this.open = open;
        this.models = models;
        this.deliveries = deliveries;
        this.changes = changes;
    }

    void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (Pool.ofTopic(record.topic()).isPresent() || record.topic().equals(Topic.BACKLOG.topicName())) {
                readRequest(record);
            } else if (record.topic().equals(Topic.RETRY.topicName())) {
                readRetry(record);
            } else if (record.topic().equals(Topic.JOBS.topicName())) {
                readJob(record);
            } else if (record.topic().equals(Topic.MODELS.topicName())) {
                readModel(record);
            } else if (record.topic().equals(Topic.WEBHOOK_LOG.topicName())) {
                readWebhookLog(record);
            } else {
                readEvent(JsonCodec.read(record.value(), VideoEvent.class));
            }
        } catch (InvalidMessageException | RuntimeException e) {
            // Whatever a record makes of the code, it must not end the reader: every gateway would read it again.
            LOG.warnf(
                    "record skipped topic=%s partition=%d offset=%d reason=%s",
                    record.topic(), record.partition(), record.offset(), e);
        }
    }

    /**
     * Of a job that has ended no more than the id is read. Of another the record must be a request: else it is not where the
     * job's newest one lies.
     */
    private void readRequest(ConsumerRecord<byte[], byte[]> record) throws InvalidMessageException {
        RequestPlace place = RequestPlace.of(record);
        var queued = new AttemptId(place.generation(), 0);
        Optional<JobId> id = TopFields.read(record.value(), ID)
                .map(fields -> fields.get("id"))
                .map(JobId::parse);
        if (id.isPresent() && hasEnded(id.get(), queued)) {
            return;
        }
        VideoRequest request = JsonCodec.read(record.value(), VideoRequest.class);
        // First what is expected of it: who finds the job sees that too.
        Instant time = Instant.ofEpochMilli(record.timestamp());
        open.requested(request.id(), place, Work.of(request, time));
        if (index.lacks(request.id(), JobStatus.QUEUED, queued)) {
            JobSnapshot job = JobSnapshot.queued(request, time, place.generation());
            tell(job.id(), index.put(job));
        }
    }

    private void readRetry(ConsumerRecord<byte[], byte[]> record) {
        Optional<RetryHeaders> retry = RetryHeaders.of(record.headers());
        if (retry.isEmpty() || record.key() == null) {
            return;
        }
        JobId id = JobId.parse(new String(record.key(), UTF_8));
        int generation = Lineage.of(record.headers()).generation();
        if (!hasEnded(id, new AttemptId(generation, 0))) {
            open.waits(
                    id, generation, Duration.between(Instant.now(), retry.get().due()));
        }
    }

    /** Of a snapshot, too, no more is read than the index asks for; the rest when somebody asks for the job. */
    private void readJob(ConsumerRecord<byte[], byte[]> record) throws InvalidMessageException {
        if (record.value() == null && record.key() != null) {
            JobId id = JobId.parse(new String(record.key(), UTF_8));
            boolean changed = index.remove(id);
            open.forget(id);
            tell(id, changed);
        } else {
            Optional<JobHeader> read = JobHeader.read(record.value());
            JobHeader header =
                    read.isPresent() ? read.get() : JobHeader.of(JsonCodec.read(record.value(), JobSnapshot.class));
            boolean changed = index.put(header, record.value());
            if (hasEnded(header.id(), header.attempt())) {
                open.forget(header.id());
            } else {
                open.stands(header);
            }
            tell(header.id(), changed);
        }
    }

    /** To a job that has, no end would be news. */
    private boolean hasEnded(JobId id, AttemptId attempt) {
        return !index.lacks(id, JobStatus.FAILED, attempt);
    }

    /** A card that names a topic of something else would have requests sent there. */
    private void readModel(ConsumerRecord<byte[], byte[]> record) throws InvalidMessageException {
        if (record.key() == null) {
            throw new IllegalArgumentException("the key is missing; it is the model's id");
        }
        String id = new String(record.key(), UTF_8);
        if (record.value() == null) {
            models.remove(id);
            LOG.infof("model forgotten model=%s", id);
            return;
        }
        ModelCard card = JsonCodec.read(record.value(), ModelCard.class);
        if (!card.id().equals(id)) {
            throw new IllegalArgumentException("the key is %s, but the model %s".formatted(id, card.id()));
        }
        if (Pool.ofTopic(card.topic()).isEmpty()) {
            throw new IllegalArgumentException("no pool has the topic " + card.topic());
        }
        models.put(card);
        LOG.infof("model known model=%s topic=%s", id, card.topic());
    }

    private void readWebhookLog(ConsumerRecord<byte[], byte[]> record) throws InvalidMessageException {
        if (record.value() != null) {
            deliveries.put(JsonCodec.read(record.value(), WebhookLog.class));
            return;
        }
        String key = new String(record.key(), UTF_8);
        int end = key.indexOf('.');
        WebhookEvent.ofWireName(key.substring(end + 1))
                .ifPresent(type -> deliveries.remove(JobId.parse(key.substring(0, end)), type));
    }

    private void readEvent(VideoEvent event) {
        open.happened(event);
        if (event.type() == EventType.PROGRESS && event.step() != null && event.steps() != null && event.steps() > 0) {
            int step = Math.max(0, Math.min(event.steps(), event.step()));
            int frames = Objects.requireNonNullElse(event.decodedFrames(), 0);
            int preview = Objects.requireNonNullElse(event.previewStep(), 0);
            var progress = new JobProgress(event.attemptId(), step, event.steps(), frames, preview);
            tell(event.id(), index.put(event.id(), progress));
        }
    }

    private void tell(JobId id, boolean changed) {
        if (changed) {
            changes.accept(id);
        }
    }
}
