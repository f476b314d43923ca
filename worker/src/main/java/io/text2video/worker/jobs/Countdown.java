package io.text2video.worker.jobs;

import java.util.function.LongSupplier;

/**
 * Tells, once, that a generation is about to end: when what is left of it is reckoned to take less than a given time.
 * Steps are taken to go on as fast as they went so far, and so are frames. Before the first frame, they are taken to come
 * as fast as another generation's; where there was none, nobody is told before it. For one thread.
 */
final class Countdown {
    private final int frames;
    private final double decodingGuess;
    private final double lead;
    private final Runnable nearEnd;
    private final LongSupplier nanoTime;
    private int firstStep;
    private long firstTime;
    private long lastTime;
    private int decoded;
    private boolean told;

    /**
     * @param frames that there will be
     * @param decodingGuess how many nanoseconds all frames may take; infinite where nobody knows
     * @param lead nanoseconds before the end
     */
    Countdown(int frames, double decodingGuess, long lead, Runnable nearEnd, LongSupplier nanoTime) {
        this.frames = frames;
        this.decodingGuess = decodingGuess;
        this.lead = lead;
        this.nearEnd = nearEnd;
        this.nanoTime = nanoTime;
    }

    /** @param step how many of {@code steps} are done, from 1; of the first one that is told, nobody saw it begin */
    void step(int step, int steps) {
        lastTime = nanoTime.getAsLong();
        if (firstStep == 0) {
            firstStep = step;
            firstTime = lastTime;
        }
        double each =
                step == firstStep ? Double.POSITIVE_INFINITY : (double) (lastTime - firstTime) / (step - firstStep);
        left((step == steps ? 0 : (steps - step) * each) + decodingGuess);
    }

    /** @param count how many frames have come */
    void frames(int count) {
        decoded += count;
        left((double) (nanoTime.getAsLong() - lastTime) / decoded * (frames - decoded));
    }

    private void left(double nanos) {
        if (!told && nanos <= lead) {
            told = true;
            nearEnd.run();
        }
    }
}
