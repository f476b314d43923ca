package io.text2video.worker.plan;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory as people write it.
 *
 * @param bytes positive
 */
public record MemorySize(long bytes) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,3})?)\\s?([KMGT]i?B)");
    private static final Map<String, Long> UNITS = Map.of(
            "KB",
            1_000L,
            "MB",
            1_000_000L,
            "GB",
            1_000_000_000L,
            "TB",
            1_000_000_000_000L,
            "KiB",
            1L << 10,
            "MiB",
            1L << 20,
            "GiB",
            1L << 30,
            "TiB",
            1L << 40);

    public MemorySize {
        if (bytes < 1) {
            throw new IllegalArgumentException("an amount of memory is %d bytes; it must be positive".formatted(bytes));
        }
    }

    /**
     * Reads a number and its unit: {@code 14GiB}, {@code 1.5GB}. A number alone is refused, as nobody knows of what.
     *
     * @throws IllegalArgumentException naming the text and what would do
     */
    public static MemorySize of(String text) {
        Matcher match = TEXT.matcher(text.strip());
        if (!match.matches()) {
            throw refused(text);
        }
        double bytes = Double.parseDouble(match.group(1)) * UNITS.get(match.group(2));
        if (bytes < 1 || bytes > Long.MAX_VALUE / 2) {
            throw refused(text);
        }
        return new MemorySize((long) bytes);
    }

    /** In binary units, with a digit after the point. */
    public static String text(long bytes) {
        double mib = bytes / (double) (1 << 20);
        return mib < 1024
                ? String.format(Locale.ROOT, "%,.1f MiB", mib)
                : String.format(Locale.ROOT, "%,.1f GiB", mib / 1024);
    }

    /** What {@link #of} reads. */
    @Override
    public String toString() {
        return bytes % (1 << 20) == 0
                ? bytes / (1 << 20) + "MiB"
                : String.format(Locale.ROOT, "%d.%03dKB", bytes / 1000, bytes % 1000);
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException(
                "\"%s\" is no amount of memory; write a number and its unit, as in 14GiB, 800MiB or 1.5GB"
                        .formatted(text));
    }
}
