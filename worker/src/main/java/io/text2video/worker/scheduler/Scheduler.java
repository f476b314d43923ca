package io.text2video.worker.scheduler;

import io.text2video.worker.config.SchedulerConfig;
import io.text2video.worker.config.UnsupportedCheckpointException;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;

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
     */
    Trajectory start(MemoryScope parent, Steps steps, NoiseSource noise);

    /**
     * Mixes finished latents with noise: the latents of a step that starts at that timestep.
     *
     * @param out owns the result
     * @param clean of any shape
     * @param noise of the same shape and dtype
     * @return the same shape and dtype
     */
    default Tensor addNoise(MemoryScope out, Tensor clean, Tensor noise, int timestep) {
        return out.call("add_noise", clean, noise, alphasCumprod()[timestep]);
    }

    /**
     * How many tensors of the latents' shape a trajectory remembers between two steps.
     *
     * @param done how many steps have been taken, at least 1
     */
    int remembered(int done);
}
