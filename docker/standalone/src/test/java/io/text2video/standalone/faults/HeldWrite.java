package io.text2video.standalone.faults;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Holds the first write back whose key ends so: whoever makes it is then known to be just there. */
final class HeldWrite implements RecordingBlobs.BeforePut {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String ending;
    private final AtomicBoolean isFirst = new AtomicBoolean(true);
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    HeldWrite(String ending) {
        this.ending = ending;
    }

    @Override
    public void await(String key) {
        if (key.endsWith(ending) && isFirst.getAndSet(false)) {
            arrived.countDown();
            await(released, "to be let go");
        }
    }

    void awaitArrival() {
        await(arrived, "to arrive");
    }

    void release() {
        released.countDown();
    }

    private void await(CountDownLatch latch, String what) {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("a write of *%s was waited for in vain %s".formatted(ending, what));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
