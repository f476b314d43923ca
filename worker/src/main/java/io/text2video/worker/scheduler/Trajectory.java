package io.text2video.worker.scheduler;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import java.util.List;

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

    /**
     * What a step's prediction says of the finished latents, x0. Changes nothing; may be asked for a part of them.
     *
     * @param out owns the result
     * @param sample latents before the step, or some of their frames
     * @param output the prediction for the same, guided
     */
    Tensor clean(MemoryScope out, int index, Tensor sample, Tensor output);

    /** What it knows of the steps so far, beside the latents; its own, until the next step. */
    List<Tensor> memory();

    /**
     * Goes on where another one stopped, before any step of its own. Draws again what the steps before have drawn.
     *
     * @param done how many steps that one has taken
     * @param memory what it remembered then; belongs to this one from now on
     * @param shape of the latents
     */
    void resume(int done, List<Tensor> memory, long... shape);

    @Override
    void close();
}
