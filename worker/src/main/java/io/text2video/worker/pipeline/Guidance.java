package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;

/**
 * Classifier-free guidance (arXiv:2207.12598) of one generation.
 *
 * @param scale 1 or less runs without it
 * @param dynamic whether it grows over the steps
 * @param steps that the generation takes
 */
record Guidance(double scale, boolean dynamic, int steps) {
    static Guidance of(GenerationParameters parameters) {
        return new Guidance(
                parameters.guidanceScale(),
                parameters.useDynamicCfg(),
                parameters.steps().taken());
    }

    /** Whether the negative prompt is drawn beside the prompt. */
    boolean active() {
        return scale > 1;
    }

    /**
     * One prediction of two.
     *
     * @param prediction under guidance [2, F, C, h, w], negative first
     * @return [1, F, C, h, w] in fp32
     */
    Tensor apply(MemoryScope out, Tensor prediction, int timestep) {
        return active()
                ? out.call("guide", prediction, scaleAt(timestep))
                : TensorKernels.cast(out, prediction, DType.F32);
    }

    /**
     * The scale at a step. Where it grows, it does so by the timestep, of which there are a thousand, as if that were the
     * number of the step: an accident of the reference that its authors chose to keep, since it looks well.
     */
    double scaleAt(int timestep) {
        if (!dynamic) {
            return scale;
        }
        double progress = (double) (steps - timestep) / steps;
        return 1 + scale * (1 - Math.cos(Math.PI * Math.pow(progress, 5))) / 2;
    }
}
