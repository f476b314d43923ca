package io.text2video.worker.kernels;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Locale;

/**
 * What one part's other way takes of the time of its default one. Each pair of runs gives a ratio, as what else the machine
 * does then falls on both.
 *
 * @param ratio the median of the pairs
 * @param low their lower quartile
 * @param high their upper quartile
 * @param share of the time that the calling thread had a processor
 * @param pairs how many there were
 */
public record PairedTimes(double ratio, double low, double high, double share, int pairs) {
    /** Identical machines differ by less, and are to agree. */
    private static final double LEAST_GAIN = 0.03;

    private static final double WIDEST = 0.1;
    private static final double LEAST_SHARE = 0.9;
    private static final int MANY_PAIRS = 8;
    private static final double MOST_OF_A_PROCESSOR = 0.5;

    /** Whether the other way is faster by more than identical machines and these pairs differ. */
    @JsonIgnore
    public boolean otherIsFaster() {
        return ratio <= 1 - LEAST_GAIN && high < 1 && (isSteady() || isBeyondNoise());
    }

    /** Whether it counts although pairs differ: they are many, and differ by less than the two ways do. */
    private boolean isBeyondNoise() {
        return pairs >= MANY_PAIRS && share >= MOST_OF_A_PROCESSOR && Math.abs(1 - ratio) > high - low;
    }

    /** Whether nothing else had the machine meanwhile, as far as can be told. */
    @JsonIgnore
    public boolean isSteady() {
        return share >= LEAST_SHARE && (spread() <= WIDEST || isBeyondNoise());
    }

    /** Whether it counts more than an earlier one. */
    boolean beats(PairedTimes earlier) {
        return earlier == null || isSteady() || !earlier.isSteady() && spread() < earlier.spread();
    }

    /** For people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "the other way takes %.2f of the default's time (%.2f to %.2f, %d pairs%s)",
                ratio,
                low,
                high,
                pairs,
                isSteady() ? "" : ", unsteady");
    }

    private double spread() {
        return (high - low) / ratio;
    }
}
