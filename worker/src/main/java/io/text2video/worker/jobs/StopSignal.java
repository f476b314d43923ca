package io.text2video.worker.jobs;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells a worker's thread to end what it does. Sent once, seen by whoever waits or looks. Thread-safe. */
public final class StopSignal {
    private final CountDownLatch sent = new CountDownLatch(1);

    public void send() {
        sent.countDown();
    }

    public boolean isSent() {
        return sent.getCount() == 0;
    }

    /** @throws AbandonedException when it was sent */
    void requireNotSent() {
        if (isSent()) {
            throw new AbandonedException("the worker stops");
        }
    }

    /**
     * Waits, but not longer than until the signal.
     *
     * @return whether it was sent
     */
    public boolean await(Duration time) {
        try {
            return sent.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            send();
            return true;
        }
    }
}
