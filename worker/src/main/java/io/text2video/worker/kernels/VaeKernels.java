package io.text2video.worker.kernels;

import java.util.List;

/** Sub-layers of the VAE's decoder. Features are [B, C, frames, height, width]; z is the chunk's latents in that order. */
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
        return scope.call("convolution", x, conv, new long[] {0, 0, 0});
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
     * @param residual one tensor to add to the result, or none
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
     * Doubles height and width, and the frames too if asked (the first of an odd number stays single), then convolves
     * each frame.
     */
    public static Tensor upsample(MemoryScope scope, Tensor x, LayerWeight conv, boolean doubleFrames) {
        return scope.call("upsample", x, conv, doubleFrames);
    }

    private static Convolved convolved(List<Tensor> parts) {
        return new Convolved(parts.get(0), parts.get(1));
    }
}
