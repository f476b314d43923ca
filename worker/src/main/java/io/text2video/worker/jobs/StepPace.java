package io.text2video.worker.jobs;

import io.text2video.worker.pipeline.StepListener;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Times a generation's steps, each from the end of the one before; so not its first, before which the prompt is encoded, nor
 * those that an earlier attempt has taken. For the thread that generates.
 */
final class StepPace implements StepListener {
    private final Consumer<Duration> times;
    private final LongSupplier nanoTime;
    private int done;
    private long since;

    StepPace(Consumer<Duration> times, LongSupplier nanoTime) {
        this.times = times;
        this.nanoTime = nanoTime;
    }

    @Override
    public void onStep(int step, int steps) {
        long now = nanoTime.getAsLong();
        if (done > 0 && step == done + 1) {
            times.accept(Duration.ofNanos(now - since));
        }
        done = step;
        since = now;
    }
}
