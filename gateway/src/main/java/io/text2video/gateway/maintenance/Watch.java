package io.text2video.gateway.maintenance;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long this gateway has looked on without a gap. What it did not hear before, or while the broker or it was away, tells
 * nothing. For one thread.
 */
final class Watch {
    private final long longestGap;
    private final LongSupplier nanoTime;
    private boolean on;
    private long begun;
    private long last;

    Watch(Duration longestGap, LongSupplier nanoTime) {
        this.longestGap = longestGap.toNanos();
        this.nanoTime = nanoTime;
    }

    /** All that there was to hear has been heard. */
    void look() {
        long now = nanoTime.getAsLong();
        if (!on || now - last > longestGap) {
            on = true;
            begun = now;
        }
        last = now;
    }

    /** It could not be heard. */
    void lose() {
        on = false;
    }

    boolean hasLasted(Duration time) {
        return on && nanoTime.getAsLong() - begun >= time.toNanos();
    }
}
