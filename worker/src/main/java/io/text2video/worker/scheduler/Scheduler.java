package io.text2video.worker.scheduler;

import io.text2video.worker.config.SchedulerConfig;
import io.text2video.worker.config.UnsupportedCheckpointException;
import io.text2video.worker.kernels.MemoryScope;
import java.util.List;

/** How latents become a video, step by step. Immutable and safe across threads. */
public sealed interface Scheduler permits CogVideoXDDIMScheduler, CogVideoXDPMScheduler {
    /**
     * The scheduler that a checkpoint names.
     *
     * @throws UnsupportedCheckpointException when it asks for a beta schedule or a prediction that is not implemented
     */
    static Scheduler of(SchedulerConfig config) throws UnsupportedCheckpointException {
        NoiseSchedule schedule = new NoiseSchedule(config);
        return config.className().equals(SchedulerConfig.DPM)
                ? new CogVideoXDPMScheduler(schedule)
                : new CogVideoXDDIMScheduler(schedule);
    }

    /** ᾱ of each training timestep; a copy. */
    double[] alphasCumprod();

    /**
     * Starts a generation.
     *
     * @param parent the scope in which it remembers what it needs
     * @param count steps, from 1 to {@code num_train_timesteps}
     * @param timesteps that many, strictly falling, below {@code num_train_timesteps}; empty for those that the checkpoint's
     *     spacing gives. diffusers' CogVideoX schedulers take none; each step is theirs, from one to the next, and the last
     *     ends at the video
     */
    Trajectory start(MemoryScope parent, int count, List<Integer> timesteps, NoiseSource noise);

    /**
     * How many tensors of the latents' shape a trajectory remembers between two steps.
     *
     * @param done how many steps have been taken, at least 1
     */
    int remembered(int done);
}
