package io.text2video.worker.model;

import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import java.util.List;

/**
 * Products that take a CPU seconds, a band at a time, as {@link io.text2video.worker.kernels.Bands} says. What is one band is
 * the kernel that it always was.
 */
final class BandedKernels {
    private static final int HEIGHT = 3;

    private BandedKernels() {}

    /**
     * x·Wᵀ + bias, where the result is as wide as x. Bands are of one sample, so that it is the same bits alone and in a batch.
     *
     * @param x [B, S, D]
     * @return [B, S, D]
     */
    static Tensor linear(MemoryScope out, Tensor x, LayerWeight weight) {
        int tokens = x.size(1);
        int rows = out.bands().rows(tokens, weight.operations());
        if (rows == tokens) {
            return out.call("linear", x, weight);
        }
        Tensor y = TensorKernels.copy(out, x);
        for (int sample = 0; sample < x.size(0); sample++) {
            for (int start = 0; start < tokens; start += rows) {
                try (MemoryScope band = out.open()) {
                    band.call("linear_band", y, x, weight, sample, start, start + rows);
                }
            }
        }
        return y;
    }

    /** Whether a convolution's result takes more than one band. */
    static boolean splits(MemoryScope scope, LayerWeight conv, int frames, int height, int width) {
        return scope.bands().rows(frames * height, conv.operations() * width) < frames * height;
    }

    /**
     * A convolution of padded features, or of each frame apart.
     *
     * @param padded [B, in, past + frames, height, width]
     * @param onto one tensor [B, out, frames, height, width] that the result is added to, in its memory; or none
     * @return [B, out, frames, height, width]
     */
    static Tensor convolution(MemoryScope out, Tensor padded, LayerWeight conv, List<Tensor> onto) {
        Tensor y = onto.isEmpty()
                ? out.call("convolution_room", padded, conv)
                : TensorKernels.narrow(out, onto.get(0), 0, 0, onto.get(0).size(0));
        int height = y.size(HEIGHT);
        long row = conv.operations() * y.size(HEIGHT + 1);
        int frames = out.bands().rows(y.size(2), row * height);
        int rows = out.bands().rows(height, row);
        for (int start = 0; start < y.size(2); start += frames) {
            for (int top = 0; top < height; top += rows) {
                try (MemoryScope band = out.open()) {
                    band.call("convolution_band", y, padded, conv, start, start + frames, top, top + rows);
                }
            }
        }
        return y;
    }
}
