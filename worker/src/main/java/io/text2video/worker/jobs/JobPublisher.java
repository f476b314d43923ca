package io.text2video.worker.jobs;

import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.model.ModelCard;
import io.text2video.common.topic.DeadLetter;
import io.text2video.kafka.PublicationException;
import io.text2video.kafka.ReliablePublisher;
import io.text2video.worker.shelf.FleetModels;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Publishes what becomes of a job. Starts and progress are sent and forgotten; whatever a record's acknowledgement follows
 * is waited for, until every in-sync replica has it. Owns a producer. Thread-safe.
 */
public final class JobPublisher implements AutoCloseable {
    private final ReliablePublisher publisher;

    /** @param kafka client configuration, {@code bootstrap.servers} at least */
    public JobPublisher(Map<String, Object> kafka) {
        publisher = new ReliablePublisher(kafka);
    }

    void started(JobSnapshot job) {
        publisher.send(JobRecords.state(job));
        publisher.send(JobRecords.event(VideoEvent.of(job)));
        JobRecords.webhook(job).ifPresent(publisher::send);
    }

    void progress(VideoEvent event) {
        publisher.send(JobRecords.event(event));
    }

    /** A model takes another time than was announced. */
    void announced(ModelCard card) {
        publisher.send(FleetModels.record(card));
    }

    /**
     * The job has ended.
     *
     * @throws PublicationException when the broker does not take all of it
     */
    void ended(JobSnapshot job) {
        publisher.publish(JobRecords.end(job));
    }

    /**
     * The record cannot be done: it goes to the dead letters as it is, or cut where the topic takes no more.
     *
     * @param attempts how often it was tried
     * @throws PublicationException when the broker does not take it
     */
    void deadLetter(ConsumerRecord<byte[], byte[]> record, String reason, int attempts) {
        publisher.publish(DeadLetter.of(record, reason, attempts));
    }

    /**
     * A record that names the job is no request.
     *
     * @param recordTime of that record
     * @throws PublicationException when the broker does not take it
     */
    void refused(JobId id, JobError error, Instant recordTime) {
        publisher.publish(JobRecords.refused(id, error, recordTime));
    }

    /**
     * The job is to be tried again later: its request is published after this.
     *
     * @throws PublicationException when the broker does not take it
     */
    void queuedAgain(JobSnapshot job) {
        publisher.publish(JobRecords.state(job));
    }

    /**
     * The request of a job that is queued again.
     *
     * @throws PublicationException when the broker does not take it
     */
    void retried(ProducerRecord<byte[], byte[]> retry) {
        publisher.publish(retry);
    }

    /**
     * The record is for other workers.
     *
     * @throws PublicationException when the broker does not take it
     */
    void forwarded(ProducerRecord<byte[], byte[]> record) {
        publisher.publish(record);
    }

    @Override
    public void close() {
        publisher.close();
    }
}
