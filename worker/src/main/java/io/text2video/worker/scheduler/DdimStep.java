package io.text2video.worker.scheduler;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.SamplingKernels;
import io.text2video.worker.kernels.Tensor;

/**
 * One step of DDIM, as the factors of x0 = fromSample · sample + fromOutput · output and of the next latents
 * keep · sample + add · x0.
 *
 * @param timestep what the network is told
 */
public record DdimStep(int timestep, double fromSample, double fromOutput, double keep, double add) {
    /**
     * Takes the step.
     *
     * @param sample the latents before the step
     * @param output the network's prediction, guided, of the same shape
     * @return the latents after it, in the sample's dtype
     */
    public Tensor apply(MemoryScope out, Tensor sample, Tensor output) {
        return SamplingKernels.ddimStep(out, sample, output, fromSample, fromOutput, keep, add);
    }
}
