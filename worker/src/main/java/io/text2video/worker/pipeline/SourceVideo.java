package io.text2video.worker.pipeline;

import io.text2video.common.model.Strength;

/**
 * A video that another one is made from: its latents are mixed with noise, and only the steps from there on are taken.
 * diffusers' {@code CogVideoXVideoToVideoPipeline}.
 *
 * @param frames as many as the video has that is made, of any size
 * @param strength above 0, which would change nothing, to 1, which starts from noise alone
 */
public record SourceVideo(Frames frames, double strength) {
    /** How many of so many steps, the noisiest, are left out; all of them where the strength is too small for one. */
    int skipped(int steps) {
        return steps - Strength.steps(strength, steps);
    }
}
