package io.text2video.worker.pipeline;

import io.text2video.common.model.InvalidGenerationException;

/**
 * A video that another one is made from: its latents are mixed with noise, and only the steps from there on are taken.
 * diffusers' {@code CogVideoXVideoToVideoPipeline}.
 *
 * @param frames as many as the video has that is made, of any size
 * @param strength above 0, which would change nothing, to 1, which starts from noise alone
 */
public record SourceVideo(Frames frames, double strength) {
    /**
     * Checks a strength.
     *
     * @param steps of which it leaves out some
     * @throws InvalidGenerationException when it is out of its range, or so small that it leaves no step
     */
    public static void checkStrength(double strength, int steps) {
        if (!(strength > 0 && strength <= 1)) {
            throw new InvalidGenerationException(
                    "strength", "strength is %s, but must be above 0, to 1".formatted(strength));
        }
        if ((int) (steps * strength) == 0) {
            throw new InvalidGenerationException(
                    "strength",
                    "strength is %s, which leaves none of %d steps; the least that leaves one is %.4f"
                            .formatted(strength, steps, Math.ceil(1e4 / steps) / 1e4));
        }
    }

    /** How many of so many steps, the noisiest, are left out; all of them where the strength is too small for one. */
    int skipped(int steps) {
        return steps - taken(strength, steps);
    }

    /** How many of so many steps are taken, the last ones. */
    public static int taken(double strength, int steps) {
        return Math.min((int) (steps * strength), steps);
    }
}
