package io.text2video.worker.queue;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A job as it was handed to this worker: a record of its pool's topic, unread. It is held, however long the work
 * takes, until the first of {@link #accept} and {@link #release}, or until it is lost. No end ever throws: one that the
 * broker does not take is logged, and the job comes again.
 */
public interface Delivery {
    ConsumerRecord<byte[], byte[]> record();

    /**
     * Whether another worker may have the job by now. It need not have: the broker may only be away. Whether this worker's
     * work is still wanted, the job's folder tells.
     */
    boolean isLost();

    /** The job has ended, one way or the other, and never comes again. */
    void accept();

    /** Another worker gets the job at once. */
    void release();

    /** When the request was sent. */
    default Instant recordTime() {
        return Instant.ofEpochMilli(record().timestamp());
    }

    /** Where the record is: {@code TOPIC-PARTITION@OFFSET}. */
    default String place() {
        return "%s-%d@%d".formatted(record().topic(), record().partition(), record().offset());
    }
}
