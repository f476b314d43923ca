package io.text2video.worker.jobs;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * How often and when a job is tried again after a failure that may pass: after a random part (full jitter, so that a fleet
 * does not try all at once) of a delay that doubles each time.
 *
 * @param most how many retries there are
 * @param first the delay before the first
 * @param longest the delay grows no further
 * @param random from 0 to 1
 */
public record Retries(int most, Duration first, Duration longest, DoubleSupplier random) {
    private static final int MOST_DOUBLINGS = 30;

    public Retries {
        if (most < 0 || first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "worker.retries must not be less than 0, worker.retry-delay not negative and worker.retry-delay-max"
                            + " not less than it, but they are %d, %s and %s".formatted(most, first, longest));
        }
    }

    public Retries(int most, Duration first, Duration longest) {
        this(most, first, longest, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** @param done how many there were of the job */
    boolean isAnotherAfter(int done) {
        return done < most;
    }

    /** The wait before the next. */
    Duration delay(int done) {
        double grown = first.toMillis() * Math.pow(2, Math.min(done, MOST_DOUBLINGS));
        return Duration.ofMillis((long) (random.getAsDouble() * Math.min(grown, longest.toMillis())));
    }
}
