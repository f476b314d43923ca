package io.text2video.worker.kernels;

import java.util.List;

/**
 * Sub-layers of the video transformer. B batch, T text tokens, V video tokens, D model width, E width of the time
 * embedding, F latent frames. A sequence [B, T+V, D] has the text first.
 */
public final class TransformerKernels {
    private TransformerKernels() {}

    /**
     * A modulated sequence and the gates that its sub-layer's result passes.
     *
     * @param x [B, T+V, D]
     * @param videoGate [1, 1, D]
     * @param textGate [1, 1, D]
     */
    public record Modulated(Tensor x, Tensor videoGate, Tensor textGate) {}

    /** A timestep as sines and cosines of falling frequencies, [1, dim] in fp32. */
    public static Tensor timestepSinusoid(
            MemoryScope scope, double timestep, int dim, boolean cosineFirst, double freqShift) {
        return scope.call("timestep_sinusoid", timestep, dim, cosineFirst, freqShift);
    }

    /**
     * Two linears with a SiLU between.
     *
     * @param sinusoid [1, dim]
     * @return [1, E]
     */
    public static Tensor timeEmbedding(MemoryScope scope, Tensor sinusoid, LayerWeight first, LayerWeight second) {
        return scope.call("time_embedding", sinusoid, first, second);
    }

    /**
     * 3D sin-cos positions of a grid of patches.
     *
     * @return [1, frames·height·width, dim], fp32
     */
    public static Tensor sincosPositions(
            MemoryScope scope, int frames, int height, int width, int dim, double spatialScale, double temporalScale) {
        return scope.call("sincos_positions", frames, height, width, dim, spatialScale, temporalScale);
    }

    /**
     * Turns of queries and keys by the places of a grid of patches (arXiv:2104.09864).
     *
     * @param frames places in time, fp32
     * @param rows places downwards
     * @param columns places to the right
     * @param dim d, width of a head
     * @return cosines and sines, each [frames·rows·columns, d] in fp32
     */
    public static List<Tensor> rotaryPositions(
            MemoryScope scope, float[] frames, float[] rows, float[] columns, int dim) {
        try (MemoryScope own = scope.open()) {
            return scope.callForTuple(
                    "rotary_positions",
                    TensorKernels.ofFloats(own, frames, frames.length),
                    TensorKernels.ofFloats(own, rows, rows.length),
                    TensorKernels.ofFloats(own, columns, columns.length),
                    dim);
        }
    }

    /**
     * Text and patches as one sequence, the text first.
     *
     * @param latents [B, F, C, h, w]
     * @param text [B, T, width of the text encoder]
     * @param positions to add, of the last tokens; [1, V, D], [1, T+V, D] or none
     * @param patchProjection [D, C·pt·p·p], or a convolution's [D, C, p, p]
     * @param patch p, latent pixels of a patch's side
     * @param patchFrames pt, latent frames of a patch
     * @return [B, T+V, D]
     */
    public static Tensor patchEmbed(
            MemoryScope scope,
            Tensor latents,
            Tensor text,
            List<Tensor> positions,
            LayerWeight patchProjection,
            LayerWeight textProjection,
            int patch,
            int patchFrames) {
        return scope.call("patch_embed", latents, text, positions, patchProjection, textProjection, patch, patchFrames);
    }

    /**
     * A layer norm whose result the timestep shifts and scales, text and video each their own way.
     *
     * @param x [B, T+V, D]
     * @param temb [1, E]
     * @param text T
     */
    public static Modulated adaLayerNormZero(
            MemoryScope scope, Tensor x, Tensor temb, int text, LayerWeight linear, LayerWeight norm, double eps) {
        List<Tensor> parts = scope.callForTuple("ada_layer_norm_zero", x, temb, text, linear, norm, eps);
        return new Modulated(parts.get(0), parts.get(1), parts.get(2));
    }

    /**
     * Self-attention over text and video together, with queries and keys normalised a head at a time: [B, T+V, D].
     *
     * @param text T
     * @param rotary how the video's queries and keys turn, from {@link #rotaryPositions}; or none
     */
    public static Tensor jointAttention(
            MemoryScope scope,
            Tensor x,
            LayerWeight q,
            LayerWeight k,
            LayerWeight v,
            LayerWeight out,
            LayerWeight normQ,
            LayerWeight normK,
            int heads,
            double eps,
            int text,
            List<Tensor> rotary) {
        return scope.call("joint_attention", x, q, k, v, out, normQ, normK, heads, eps, text, rotary);
    }

    /** Returns down(gelu(up(x))), [B, T+V, D]. */
    public static Tensor feedForward(MemoryScope scope, Tensor x, LayerWeight up, LayerWeight down) {
        return scope.call("feed_forward", x, up, down);
    }

    /**
     * The same, some tokens at a time, in the place of {@code x}: no more memory than a slice takes.
     *
     * @param tokens a slice
     */
    public static Tensor feedForward(MemoryScope scope, Tensor x, LayerWeight up, LayerWeight down, int tokens) {
        return scope.call("feed_forward_slices", x, up, down, tokens);
    }

    /** Returns x + gate · y, [B, T+V, D], with each part's gate from {@code gates}. */
    public static Tensor gatedResidual(MemoryScope scope, Tensor x, Tensor y, int text, Modulated gates) {
        return scope.call("gated_residual", x, y, text, gates.videoGate(), gates.textGate());
    }

    /**
     * How much a sequence has changed: Σ|now − past| / Σ|past| over the whole batch.
     *
     * @param now [B, S, D]
     * @param past of the same shape
     * @return NaN or infinite where the past is all zero, NaN where either has no finite sum
     */
    public static double relativeChange(MemoryScope scope, Tensor now, Tensor past) {
        return scope.callForDouble("relative_change", now, past);
    }

    /** What was added to {@code before} to make {@code after}; takes the memory of {@code before}, which is lost. */
    public static Tensor residual(MemoryScope scope, Tensor before, Tensor after) {
        Tensor residual = scope.call("residual", before, after);
        before.free();
        return residual;
    }

    /**
     * The network's end, on the video's tokens alone.
     *
     * @param x [B, T+V, D]
     * @return [B, V, C·pt·p·p]
     */
    public static Tensor outputProjection(
            MemoryScope scope,
            Tensor x,
            Tensor temb,
            int text,
            LayerWeight finalNorm,
            LayerWeight linear,
            LayerWeight norm,
            LayerWeight projection,
            double eps) {
        return scope.call("output_projection", x, temb, text, finalNorm, linear, norm, projection, eps);
    }

    /**
     * Lays patches out as latents.
     *
     * @param x [B, frames·height·width, C·patchFrames·patch·patch]
     * @param frames in patches
     * @param height in patches
     * @param width in patches
     * @return [B, frames·patchFrames, C, height·patch, width·patch]
     */
    public static Tensor unpatchify(
            MemoryScope scope, Tensor x, int frames, int height, int width, int patch, int patchFrames) {
        return scope.call("unpatchify", x, frames, height, width, patch, patchFrames);
    }
}
