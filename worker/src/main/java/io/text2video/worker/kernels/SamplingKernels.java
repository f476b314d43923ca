package io.text2video.worker.kernels;

import java.util.List;

/** What happens to latents outside of the networks. Latents are [1, F, C, h, w] unless said otherwise. */
public final class SamplingKernels {
    private SamplingKernels() {}

    /** Draws from the standard normal distribution. Values depend on the dtype. */
    public static Tensor randn(MemoryScope scope, Generator generator, DType dtype, long... shape) {
        return scope.call("randn", generator, shape, dtype);
    }

    /** The same tensor twice along the batch. */
    public static Tensor twice(MemoryScope scope, Tensor x) {
        return TensorKernels.concat(scope, List.of(x, x), 0);
    }

    /**
     * Classifier-free guidance in fp32: negative + scale · (positive − negative).
     *
     * @param prediction [2, F, C, h, w], negative first
     */
    public static Tensor guide(MemoryScope scope, Tensor prediction, double scale) {
        return scope.call("guide", prediction, scale);
    }

    /** Returns fromSample · sample + fromOutput · output. */
    public static Tensor mix(MemoryScope scope, Tensor sample, Tensor output, double fromSample, double fromOutput) {
        return scope.call("mix", sample, output, fromSample, fromOutput);
    }

    /** Returns keep · sample + add · clean, in the sample's dtype. */
    public static Tensor nextLatents(MemoryScope scope, Tensor sample, Tensor clean, double keep, double add) {
        return scope.call("next_latents", sample, clean, keep, add, List.of(), 0.0);
    }

    /** Returns keep · sample + add · clean + spread · noise, in the sample's dtype. */
    public static Tensor nextLatents(
            MemoryScope scope, Tensor sample, Tensor clean, double keep, double add, Tensor noise, double spread) {
        return scope.call("next_latents", sample, clean, keep, add, List.of(noise), spread);
    }

    /**
     * Returns factor · latents as the transformer orders them, with zeros after the frames that there are.
     *
     * @param latents [1, C, F', h, w]
     * @param frames F, at least F'
     * @return [1, F, C, h, w]
     */
    public static Tensor fromVae(MemoryScope scope, Tensor latents, double factor, int frames) {
        return scope.call("latents_from_vae", latents, factor, frames);
    }

    /** Returns factor · latents as the VAE orders them, [1, C, F, h, w]. */
    public static Tensor toVae(MemoryScope scope, Tensor latents, double factor) {
        return scope.call("latents_to_vae", latents, factor);
    }

    /**
     * Pixels as diffusers hands them out.
     *
     * @param decoded [1, 3, frames, height, width] in [−1, 1]
     * @return [1, frames, 3, height, width], fp32 in [0, 1]
     */
    public static Tensor toUnitRange(MemoryScope scope, Tensor decoded) {
        return scope.call("to_unit_range", decoded);
    }

    /**
     * The brightest byte that pixels become; −1 when any of them is infinite or NaN.
     *
     * @param decoded in [−1, 1] more or less, of any shape
     */
    public static int brightestByte(MemoryScope scope, Tensor decoded) {
        return (int) scope.callForLong("brightest_byte", decoded);
    }

    /**
     * Pixels as bytes, rounded half to even.
     *
     * @param frames [1, frames, 3, height, width] in [0, 1]
     * @return [frames, height, width, 3] of {@link DType#U8}
     */
    public static Tensor toRgb8(MemoryScope scope, Tensor frames) {
        return scope.call("to_rgb8", frames);
    }
}
