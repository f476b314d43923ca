package io.text2video.worker.kernels;

/** Sub-layers of the T5 encoder. B batch, S tokens, D model width, H heads. */
public final class TextKernels {
    private TextKernels() {}

    /**
     * Looks tokens up.
     *
     * @param ids [B, S] of {@link DType#I64}
     * @param table [vocabulary, D], of any dtype of floats
     * @param dtype of the result
     * @return [B, S, D]
     */
    public static Tensor embed(MemoryScope scope, Tensor ids, Tensor table, DType dtype) {
        return scope.call("t5_embed", ids, table, dtype);
    }

    /**
     * What a key's distance from its query adds to their score.
     *
     * @param table [buckets, H]
     * @return [1, H, length, length]
     */
    public static Tensor positionBias(MemoryScope scope, Tensor table, int length, int maxDistance) {
        return scope.call("t5_position_bias", table, length, maxDistance);
    }

    /** Returns x + attention(norm(x)), [B, S, D]. */
    public static Tensor attention(
            MemoryScope scope,
            Tensor x,
            Tensor norm,
            LayerWeight q,
            LayerWeight k,
            LayerWeight v,
            LayerWeight o,
            Tensor positionBias,
            double eps) {
        return scope.call("t5_attention", x, norm, q, k, v, o, positionBias, eps);
    }

    /** Returns x + down(gelu(gate(norm(x))) · up(norm(x))), [B, S, D]. */
    public static Tensor feedForward(
            MemoryScope scope, Tensor x, Tensor norm, LayerWeight gate, LayerWeight up, LayerWeight down, double eps) {
        return scope.call("t5_feed_forward", x, norm, gate, up, down, eps);
    }

    /** x divided by its root mean square over the last dimension, times weight [D]. */
    public static Tensor rmsNorm(MemoryScope scope, Tensor x, Tensor weight, double eps) {
        return scope.call("rms_norm", x, weight, eps);
    }
}
