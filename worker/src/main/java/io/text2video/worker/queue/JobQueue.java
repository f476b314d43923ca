package io.text2video.worker.queue;

import java.time.Duration;
import java.util.Optional;

/**
 * Jobs waiting for one pool's workers, each to one worker. For one caller's thread at a time; what keeps jobs held
 * meanwhile runs on the queue's own.
 */
public interface JobQueue extends AutoCloseable {
    /** How many jobs can be held at once. */
    int capacity();

    /**
     * Waits for a job.
     *
     * @param wait how long at most
     * @throws IllegalStateException when as many jobs as the queue can hold have not been ended
     * @throws org.apache.kafka.common.KafkaException when the broker refuses this worker
     */
    Optional<Delivery> next(Duration wait);

    /** Leaves the queue. A job that was not ended goes to another worker. */
    @Override
    void close();
}
