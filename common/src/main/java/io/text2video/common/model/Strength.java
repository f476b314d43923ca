package io.text2video.common.model;

/**
 * How far a video is from the one that it is made from: above 0, which would change nothing, to 1, which starts from noise
 * alone.
 */
public final class Strength {
    /** diffusers'. */
    public static final double DEFAULT = 0.8;

    private Strength() {}

    /**
     * Checks a strength.
     *
     * @param steps of which it leaves out some
     * @throws InvalidGenerationException when it is out of its range, or so small that it leaves no step
     */
    public static void check(double strength, int steps) {
        if (!(strength > 0 && strength <= 1)) {
            throw new InvalidGenerationException(
                    "strength", "strength is %s, but must be above 0, to 1".formatted(strength));
        }
        if (steps(strength, steps) == 0) {
            throw new InvalidGenerationException(
                    "strength",
                    "strength is %s, which leaves none of %d steps; the least that leaves one is %.4f"
                            .formatted(strength, steps, Math.ceil(1e4 / steps) / 1e4));
        }
    }

    /** How many of so many steps are taken, the last ones. */
    public static int steps(double strength, int all) {
        return (int) (all * strength);
    }
}
