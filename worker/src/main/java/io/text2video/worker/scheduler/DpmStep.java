package io.text2video.worker.scheduler;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import java.util.List;

/**
 * One step of the SDE solver: the next latents are keep · sample + add · d + spread · noise. Of second order, d is
 * now · x0 − before · x0 of the step before; else it is x0.
 *
 * @param timestep what the network is told
 * @param prediction how x0 follows from the sample and the network's output
 * @param secondOrder false at the first step, which has none before it, and where nothing comes after
 */
record DpmStep(
        int timestep,
        Prediction prediction,
        double keep,
        double add,
        double spread,
        boolean secondOrder,
        double now,
        double before) {
    /**
     * Takes the step.
     *
     * @param clean x0 of this step
     * @param earlier x0 of the step before, unless this is the first
     */
    Tensor apply(MemoryScope out, Tensor sample, Tensor clean, List<Tensor> earlier, NoiseSource noise) {
        try (MemoryScope scope = out.open()) {
            Tensor drawn = noise.draw(scope, sample.shape());
            Tensor direction = clean;
            if (secondOrder) {
                // The reference draws for the step of first order that it then does not take.
                drawn.free();
                drawn = noise.draw(scope, sample.shape());
                direction = scope.call("mix", clean, earlier.get(0), now, -before);
            }
            return out.call("next_latents", sample, direction, keep, add, List.of(drawn), spread);
        }
    }

    /** Draws what {@link #apply} draws, for those that come after it. */
    void drawAgain(MemoryScope parent, NoiseSource noise, long... shape) {
        for (int i = 0; i < (secondOrder ? 2 : 1); i++) {
            try (MemoryScope scope = parent.open()) {
                noise.draw(scope, shape);
            }
        }
    }
}
