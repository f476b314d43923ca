package io.text2video.worker.jobs;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells a worker's thread to end what it does. Sent once, seen by whoever waits or looks. Thread-safe. */
public final class StopSignal {
    private final CountDownLatch sent = new CountDownLatch(1);

    /** Of the first one; {@link System#nanoTime}. */
    private volatile long sentAt;

    public synchronized void send() {
        if (!isSent()) {
            sentAt = System.nanoTime();
            sent.countDown();
        }
    }

    public boolean isSent() {
        return sent.getCount() == 0;
    }

    /** @throws java.util.concurrent.CancellationException when it was sent */
    public void requireNotSent() {
        requireNotSent(Duration.ZERO);
    }

    /** @throws AbandonedException when it was sent so long ago, or longer */
    void requireNotSent(Duration ago) {
        if (isSent() && System.nanoTime() - sentAt >= ago.toNanos()) {
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
