package io.text2video.standalone.bench;

/**
 * A measurement, and all that it takes to repeat it.
 *
 * @param date when it ended, in ISO 8601, UTC
 * @param version of the program
 * @param commit what git says of the sources, with {@code -dirty} where they were changed; null outside a checkout
 */
public record BenchReport(
        String date,
        String version,
        String commit,
        BenchMachine machine,
        BenchSettings settings,
        Measurement measurement) {
    /**
     * What git says of the sources.
     *
     * @param home of the checkout
     * @return null where it is none
     */
    public static String commit(String home) {
        return Command.output("git", "-C", home, "describe", "--always", "--dirty", "--abbrev=12")
                .orElse(null);
    }
}
