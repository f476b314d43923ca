package io.text2video.worker.jobs;

import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.topic.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;

/**
 * Tells the fleet what becomes of a job. Starts and progress are sent and forgotten; ends and dead letters are waited
 * for until every replica in sync has them.
 */
public final class JobPublisher implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(JobPublisher.class);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaProducer<byte[], byte[]> producer;

    /** @param kafka client configuration, {@code bootstrap.servers} at least */
    public JobPublisher(Map<String, Object> kafka) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DeadLetter.MAX_BATCH_BYTES);
        producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void started(JobSnapshot job) {
        sendAndForget(JobRecords.state(job));
        sendAndForget(JobRecords.event(VideoEvent.of(job)));
    }

    void progress(VideoEvent event) {
        sendAndForget(JobRecords.event(event));
    }

    /**
     * The job has ended.
     *
     * @throws PublicationException when the broker does not take all that is to be told
     */
    void ended(JobSnapshot job) {
        JobRecords.end(job).stream().map(this::send).toList().forEach(this::await);
    }

    /**
     * The record cannot be done: it goes to the dead letters as it is, or cut where the topic takes no more.
     *
     * @param attempts how often it was tried
     * @throws PublicationException when the broker does not take it
     */
    void parked(ConsumerRecord<byte[], byte[]> record, String reason, int attempts) {
        ProducerRecord<byte[], byte[]> letter = DeadLetter.of(record, reason, attempts);
        try {
            await(send(letter));
        } catch (PublicationException e) {
            if (!io.text2video.kafka.PublicationException.isTooLarge(e)) {
                throw e;
            }
            // The topic is older than this version, or somebody else's.
            await(send(DeadLetter.cut(letter)));
        }
    }

    /**
     * A record that names the job is no request.
     *
     * @param recordTime of that record
     * @throws PublicationException when the broker does not take it
     */
    void refused(JobId id, JobError error, Instant recordTime) {
        await(send(JobRecords.refused(id, error, recordTime)));
    }

    /**
     * The job is to be tried again later. First its request is safe, then the job is said to be queued again.
     *
     * @throws PublicationException when the broker does not take one
     */
    void retried(ProducerRecord<byte[], byte[]> retry, JobSnapshot queued) {
        await(send(retry));
        await(send(JobRecords.state(queued)));
    }

    /**
     * The record is for other workers.
     *
     * @throws PublicationException when the broker does not take it
     */
    void forwarded(ProducerRecord<byte[], byte[]> record) {
        await(send(record));
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void sendAndForget(ProducerRecord<byte[], byte[]> record) {
        send(record);
    }

    private Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        return producer.send(record, (metadata, failure) -> {
            if (failure != null) {
                LOG.warnf("message not sent topic=%s cause=%s", record.topic(), failure.getMessage());
            }
        });
    }

    private void await(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new PublicationException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublicationException(e);
        }
    }
}
