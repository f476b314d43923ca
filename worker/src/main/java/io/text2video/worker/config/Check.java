package io.text2video.worker.config;

import java.util.List;
import java.util.Objects;

/** Rules that the config records share. Fields go by diffusers' names, since those stand in the file. */
final class Check {
    /** Far above any published size, and low enough that products of two stay inside a {@code long}'s comfort. */
    private static final int LARGEST_SIZE = 1 << 20;

    private Check() {}

    static void size(String field, int value) {
        if (value < 1 || value > LARGEST_SIZE) {
            throw new InvalidSettingException(field, value, "must be between 1 and " + LARGEST_SIZE);
        }
    }

    static void multiple(String field, long value, String ofWhat, int divisor) {
        if (value % divisor != 0) {
            throw new InvalidSettingException(field, value, "must be a multiple of " + ofWhat + " (" + divisor + ")");
        }
    }

    static void positive(String field, double value) {
        // Also false for NaN.
        if (!(value > 0 && value <= Double.MAX_VALUE)) {
            throw new InvalidSettingException(field, value, "must be positive and finite");
        }
    }

    /** An unmodifiable copy; an empty list, or one with nulls, is refused. */
    static <T> List<T> list(String field, List<T> values) {
        if (values == null || values.isEmpty() || values.stream().anyMatch(Objects::isNull)) {
            throw new InvalidSettingException(field, values, "must be a list with a value at each place");
        }
        return List.copyOf(values);
    }

    static void oneOf(String field, String value, List<String> known) {
        if (value == null || !known.contains(value)) {
            throw new InvalidSettingException(field, value, "must be " + String.join(" or ", known));
        }
    }
}
