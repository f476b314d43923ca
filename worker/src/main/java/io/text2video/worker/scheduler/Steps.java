package io.text2video.worker.scheduler;

import java.util.List;

/**
 * Which steps a generation takes.
 *
 * @param count from noise to the video, from 1 to {@code num_train_timesteps}; decides how far each goes
 * @param timesteps that many, strictly falling, below {@code num_train_timesteps}; empty for those that the checkpoint's
 *     spacing gives. diffusers' CogVideoX schedulers take none; each step is theirs, from one to the next, and the last
 *     ends at the video
 * @param skipped how many of them, the noisiest, are left out, fewer than {@code count}: diffusers' {@code t_start}. The
 *     first that is left is then the first of all
 */
public record Steps(int count, List<Integer> timesteps, int skipped) {
    public Steps {
        timesteps = List.copyOf(timesteps);
        if (skipped < 0 || skipped > 0 && skipped >= count) {
            throw new IllegalArgumentException("%d of %d steps cannot be left out".formatted(skipped, count));
        }
    }

    /** All of so many, at the timesteps that the checkpoint's spacing gives. */
    public static Steps of(int count) {
        return new Steps(count, List.of(), 0);
    }

    /** How many are taken. */
    public int taken() {
        return count - skipped;
    }
}
