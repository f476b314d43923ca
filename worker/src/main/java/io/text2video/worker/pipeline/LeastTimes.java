package io.text2video.worker.pipeline;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Times calls in rounds, in each of which every call has its turn, and takes the least of each: what holds the machine up for
 * a while, as a broker that starts beside, makes one round long and not one of the calls.
 */
final class LeastTimes {
    private static final int ROUNDS = 6;
    private static final int LEAST_ROUNDS = 2;

    /** Seconds that all turns of one call may take beyond the rounds that there are at least. */
    private static final double LONG_MEASUREMENT = 0.25;

    /** Seconds that a turn is filled with. */
    private static final double TURN = 0.02;

    private final LongSupplier clock;

    /** @param clock nanoseconds */
    LeastTimes(LongSupplier clock) {
        this.clock = clock;
    }

    /** Seconds of each call, in their order; never zero. */
    double[] of(List<Runnable> calls) {
        double[] least = new double[calls.size()];
        Arrays.fill(least, Double.MAX_VALUE);
        long start = clock.getAsLong();
        for (int round = 0; round < ROUNDS; round++) {
            if (round >= LEAST_ROUNDS && since(start) >= calls.size() * LONG_MEASUREMENT) {
                break;
            }
            for (int i = 0; i < least.length; i++) {
                least[i] = Math.min(least[i], turn(calls.get(i)));
            }
        }
        return least;
    }

    private double turn(Runnable call) {
        long start = clock.getAsLong();
        double least = Double.MAX_VALUE;
        do {
            long before = clock.getAsLong();
            call.run();
            least = Math.min(least, since(before));
        } while (since(start) < TURN);
        return Math.max(least, 1e-9);
    }

    private double since(long moment) {
        return (clock.getAsLong() - moment) / 1e9;
    }
}
