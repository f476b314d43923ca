package io.text2video.standalone.bench;

import java.util.Arrays;

/** The value in the middle; of an even number of values, the mean of the two. */
public final class Median {
    private Median() {}

    /** @param values at least one, in any order */
    public static double of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
