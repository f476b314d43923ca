package io.text2video.worker.jobs;

import io.text2video.worker.queue.Delivery;
import java.util.concurrent.CancellationException;

/**
 * This worker must not go on with the job: it is to stop, or the job is cancelled, or another's by now. Not a failure of the
 * job.
 */
final class AbandonedException extends CancellationException {
    private static final long serialVersionUID = 1;

    AbandonedException(String reason) {
        super(reason);
    }

    /** @throws AbandonedException when another worker may have the job by now */
    static void requireHeld(Delivery delivery) {
        if (delivery.isLost()) {
            throw new AbandonedException("the lock on the record is lost");
        }
    }
}
