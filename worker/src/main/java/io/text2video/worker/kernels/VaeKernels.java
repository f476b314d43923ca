package io.text2video.worker.kernels;

import java.util.List;

/** Sub-layers of the VAE. Features are [B, C, frames, height, width]; z is the chunk's latents in that order. */
public final class VaeKernels {
    private VaeKernels() {}

    /**
     * A causal convolution's result and what its next chunk starts from.
     *
     * @param x [B, C', frames, height, width]
     * @param tail the last input frames, [B, C, kernel − 1, height, width]; its own memory
     */
    public record Convolved(Tensor x, Tensor tail) {}

    /** A 1×1×1 convolution. */
    public static Tensor pointwise(MemoryScope scope, Tensor x, LayerWeight conv) {
        return scope.call("convolution", x, conv, new long[] {0, 0, 0}, new long[] {1, 1, 1});
    }

    /**
     * A convolution that sees no future.
     *
     * @param tail of the chunk before; empty at the first, whose first frame stands for the past
     */
    public static Convolved causalConv(MemoryScope scope, Tensor x, LayerWeight conv, List<Tensor> tail) {
        return convolved(scope.callForTuple("causal_conv", x, conv, tail));
    }

    /**
     * conv(silu(norm(x, z))) [+ residual], where a group norm's scale and shift come from the latents.
     *
     * @param tail as in {@link #causalConv}
     * @param residual one tensor to add to the result, or none; its memory may become the result's
     */
    public static Convolved spatialNormConv(
            MemoryScope scope,
            Tensor x,
            Tensor z,
            int groups,
            LayerWeight norm,
            LayerWeight convScale,
            LayerWeight convShift,
            double eps,
            LayerWeight conv,
            List<Tensor> tail,
            List<Tensor> residual) {
        return convolved(scope.callForTuple(
                "spatial_norm_conv", x, z, groups, norm, convScale, convShift, eps, conv, tail, residual));
    }

    /**
     * conv(silu(norm(x))) [+ residual], where the norm is a group norm.
     *
     * @param tail as in {@link #causalConv}
     * @param residual one tensor to add to the result, or none; its memory may become the result's
     */
    public static Convolved groupNormConv(
            MemoryScope scope,
            Tensor x,
            int groups,
            LayerWeight norm,
            double eps,
            LayerWeight conv,
            List<Tensor> tail,
            List<Tensor> residual) {
        return convolved(scope.callForTuple("group_norm_conv", x, groups, norm, eps, conv, tail, residual));
    }

    /**
     * Doubles height and width, and the frames too if asked (the first of an odd number stays single), then convolves
     * each frame.
     */
    public static Tensor upsample(MemoryScope scope, Tensor x, LayerWeight conv, boolean doubleFrames) {
        return scope.call("upsample", x, conv, doubleFrames);
    }

    /**
     * Halves height and width with a convolution of each frame; before that, if asked, takes the mean of each pair of
     * frames (the first of an odd number stays single).
     */
    public static Tensor downsample(MemoryScope scope, Tensor x, LayerWeight conv, boolean halveFrames) {
        return scope.call("downsample", x, conv, halveFrames);
    }

    /**
     * Draws from a normal distribution: mean + exp(½ · clamp(log-variance, −30, 20)) · noise.
     *
     * @param moments [B, 2·C, f, h, w]: the means, then the logarithms of the variances
     * @param noise [B, C, f, h, w] of the standard normal distribution, in the dtype of the moments
     * @return [B, C, f, h, w]
     */
    public static Tensor sampleLatents(MemoryScope scope, Tensor moments, Tensor noise) {
        return scope.call("sample_latents", moments, noise);
    }

    /**
     * A tile that fades in from the one before it.
     *
     * @param before the tile above or to the left
     * @param extent how far the fading reaches at most, in rows or columns
     * @param dimension 3 for a tile above, 4 for one to the left
     */
    public static Tensor blend(MemoryScope scope, Tensor before, Tensor tile, int extent, int dimension) {
        return scope.call("blend", before, tile, extent, dimension);
    }

    private static Convolved convolved(List<Tensor> parts) {
        return new Convolved(parts.get(0), parts.get(1));
    }
}
