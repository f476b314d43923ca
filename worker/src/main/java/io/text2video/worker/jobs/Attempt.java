package io.text2video.worker.jobs;

import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoRequest;
import io.text2video.worker.queue.Delivery;
import java.time.Duration;
import java.time.Instant;

/** One worker's try at a job. Long work asks it in between whether to go on. */
record Attempt(VideoRequest request, Delivery delivery, StopSignal stop) {
    JobId id() {
        return request.id();
    }

    int number() {
        return delivery.attempt();
    }

    Instant recordTime() {
        return delivery.recordTime();
    }

    /** @throws AbandonedException when the job is lost or the worker is to stop */
    void checkpoint() {
        requireHeld();
        if (stop.isSent()) {
            throw new AbandonedException("the worker stops");
        }
    }

    /** @throws AbandonedException when the job is lost */
    void requireHeld() {
        if (delivery.isLost()) {
            throw new AbandonedException("the lock on the record is lost");
        }
    }

    /**
     * Waits before something is tried again.
     *
     * @throws AbandonedException as {@link #checkpoint} does
     */
    void pause(Duration time) {
        stop.await(time);
        checkpoint();
    }

    @Override
    public String toString() {
        return "job=%s attempt=%d".formatted(id(), number());
    }
}
