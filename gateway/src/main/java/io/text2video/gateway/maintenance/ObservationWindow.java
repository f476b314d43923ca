package io.text2video.gateway.maintenance;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * For how long this gateway has seen every record without a gap. That it saw nothing of a job before, or while the broker or
 * it was away, says nothing. For one thread.
 */
final class ObservationWindow {
    private final long longestGap;
    private final LongSupplier nanoTime;
    private boolean open;
    private long start;
    private long last;

    ObservationWindow(Duration longestGap, LongSupplier nanoTime) {
        this.longestGap = longestGap.toNanos();
        this.nanoTime = nanoTime;
    }

    /** All that is on the broker has been read. */
    void observe() {
        long now = nanoTime.getAsLong();
        if (!open || now - last > longestGap) {
            open = true;
            start = now;
        }
        last = now;
    }

    /** It could not be read. */
    void reset() {
        open = false;
    }

    boolean covers(Duration time) {
        return open && nanoTime.getAsLong() - start >= time.toNanos();
    }
}
