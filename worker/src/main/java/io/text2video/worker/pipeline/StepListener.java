package io.text2video.worker.pipeline;

/**
 * Told after each denoising step, and at once of those that an earlier try has done, on the thread that generates. An
 * exception thrown here ends the generation.
 */
@FunctionalInterface
public interface StepListener {
    StepListener NONE = (step, steps) -> {};

    /**
     * A step is done, or was before.
     *
     * @param step how many steps are done, from 1
     * @param steps how many there are
     */
    void onStep(int step, int steps);
}
