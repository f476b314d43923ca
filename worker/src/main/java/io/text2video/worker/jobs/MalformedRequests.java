package io.text2video.worker.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * Records that are no requests: parked on the dead letters. Where it can be told which job was meant, and its folder is
 * empty, a gateway is asked to fail it: a job that waits in another queue has an empty folder too, and only a gateway
 * reads all queues.
 */
final class MalformedRequests {
    private static final Logger LOG = Logger.getLogger(MalformedRequests.class);

    private final JobPublisher publisher;
    private final VideoArchive archive;

    MalformedRequests(JobPublisher publisher, VideoArchive archive) {
        this.publisher = publisher;
        this.archive = archive;
    }

    Outcome park(Handed handed, InvalidMessageException reason) throws IOException {
        publisher.parked(handed.record(), reason.getMessage(), 1);
        Optional<JobId> id = id(handed.record());
        if (id.isPresent() && archive.look(id.get(), handed).keys().isEmpty()) {
            var error = new JobError(
                    ErrorCode.INVALID_PARAMETER,
                    reason.getMessage(),
                    reason.field().isEmpty() ? null : reason.field());
            publisher.refused(id.get(), error, handed.delivery().recordTime());
        }
        LOG.warnf(
                "malformed request parked job=%s record=%s reason=%s",
                id.map(JobId::toString).orElse("unknown"), handed, reason.getMessage());
        return Outcome.PARKED;
    }

    /** The id in the message, else the one that is the record's key. */
    private static Optional<JobId> id(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.ofNullable(
                    JsonCodec.read(record.value(), Identified.class).id());
        } catch (InvalidMessageException e) {
            return key(record);
        }
    }

    private static Optional<JobId> key(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.key() == null ? Optional.empty() : Optional.of(JobId.parse(new String(record.key(), UTF_8)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private record Identified(JobId id) {}
}
