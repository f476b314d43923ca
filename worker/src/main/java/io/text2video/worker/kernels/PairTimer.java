package io.text2video.worker.kernels;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Times two ways of doing the same in turns, until its time is over. */
final class PairTimer {
    private static final int LEAST_PAIRS = 3;
    private static final int MOST_PAIRS = 100;

    /** Slow CPUs get this many times the budget for the least pairs, and then have fewer. */
    private static final int OVERDRAFT = 4;

    private final Duration budget;
    private final LongSupplier clock;
    private final LongSupplier cpuClock;

    /** One of two ways, and what runs it once. */
    record Way(CpuPaths paths, Runnable work) {}

    /** Two ways compared; for tests, made up. */
    @FunctionalInterface
    interface Comparison {
        PairedTimes of(Way first, Way other);
    }

    /**
     * @param budget of one comparison
     * @param clock nanoseconds
     * @param cpuClock nanoseconds that the calling thread had a processor
     */
    PairTimer(Duration budget, LongSupplier clock, LongSupplier cpuClock) {
        this.budget = budget;
        this.clock = clock;
        this.cpuClock = cpuClock;
    }

    PairTimer(Duration budget) {
        this(budget, System::nanoTime, ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime);
    }

    /** Runs each once to warm up, then both in turns, each first in every other pair. */
    PairedTimes compare(Way first, Way other) {
        long start = clock.getAsLong();
        first.work().run();
        other.work().run();
        long cpu = cpuClock.getAsLong();
        long warm = clock.getAsLong();
        List<Double> ratios = new ArrayList<>();
        while (ratios.isEmpty() || isTimeLeft(clock.getAsLong() - start, ratios.size())) {
            boolean swapped = ratios.size() % 2 == 1;
            long before = run(swapped ? other : first);
            long after = run(swapped ? first : other);
            ratios.add(swapped ? (double) before / after : (double) after / before);
        }
        double share = (double) (cpuClock.getAsLong() - cpu) / Math.max(1, clock.getAsLong() - warm);
        ratios.sort(null);
        int last = ratios.size() - 1;
        return new PairedTimes(
                rounded((ratios.get(last / 2) + ratios.get((last + 1) / 2)) / 2),
                rounded(ratios.get(last / 4)),
                rounded(ratios.get(last - last / 4)),
                rounded(share),
                ratios.size());
    }

    private boolean isTimeLeft(long spent, int pairs) {
        return spent < budget.toNanos() && pairs < MOST_PAIRS
                || spent < OVERDRAFT * budget.toNanos() && pairs < LEAST_PAIRS;
    }

    private long run(Way way) {
        long start = clock.getAsLong();
        way.work().run();
        return Math.max(1, clock.getAsLong() - start);
    }

    private static double rounded(double value) {
        return Math.round(value * 1e4) / 1e4;
    }
}
