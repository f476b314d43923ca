package io.text2video.worker.scheduler;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import java.util.List;

/**
 * One step of DDIM: the next latents are keep · sample + add · x0.
 *
 * @param timestep what the network is told
 * @param prediction how x0 follows from the sample and the network's output
 */
record DdimStep(int timestep, Prediction prediction, double keep, double add) {
    Tensor apply(MemoryScope out, Tensor sample, Tensor output) {
        try (MemoryScope scope = out.open()) {
            Tensor clean = prediction.clean(scope, sample, output);
            return out.call("next_latents", sample, clean, keep, add, List.of(), 0.0);
        }
    }
}
