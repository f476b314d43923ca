package io.text2video.worker.scheduler;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;

/** The way of one generation's latents from noise to a video: its steps, taken in order. Owns what it remembers. */
public interface Trajectory extends AutoCloseable {
    /** How many steps there are. */
    int length();

    /**
     * What the network is told at a step.
     *
     * @param index from 0, the noisiest
     */
    int timestep(int index);

    /**
     * Takes a step.
     *
     * @param out owns the result
     * @param sample the latents before the step
     * @param output the network's prediction, guided, of the same shape
     * @return the latents after it, in the sample's dtype
     */
    Tensor step(MemoryScope out, int index, Tensor sample, Tensor output);

    @Override
    void close();
}
