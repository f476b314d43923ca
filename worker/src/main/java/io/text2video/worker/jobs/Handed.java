package io.text2video.worker.jobs;

import io.text2video.common.lifecycle.Lineage;
import io.text2video.worker.control.CancelledJobs;
import io.text2video.worker.queue.Delivery;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record that was handed to this worker, whatever is in it, with what may end the work on it: the signal that ends the
 * worker, and the jobs that were cancelled.
 */
record Handed(Delivery delivery, StopSignal stop, CancelledJobs cancelled) {
    ConsumerRecord<byte[], byte[]> record() {
        return delivery.record();
    }

    Lineage lineage() {
        return Lineage.of(record().headers());
    }

    /** Whether another worker may have it by now. */
    boolean isLost() {
        return delivery.isLost();
    }

    void await(Duration time) {
        stop.await(time);
    }

    /** @throws AbandonedException when the worker is to stop */
    void requireNoStop() {
        if (stop.isSent()) {
            throw new AbandonedException("the worker stops");
        }
    }

    /**
     * Waits before something is tried again, for a job that is not begun.
     *
     * @throws AbandonedException when another worker may have it, or this one is to stop
     */
    void pause(Duration time) {
        await(time);
        requireNoStop();
        if (isLost()) {
            throw new AbandonedException("the lock on the record is lost");
        }
    }

    /** Its place: {@code TOPIC-PARTITION@OFFSET}. */
    @Override
    public String toString() {
        return "%s-%d@%d".formatted(record().topic(), record().partition(), record().offset());
    }
}
