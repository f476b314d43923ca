package io.text2video.worker.model;

import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.List;

/**
 * A norm of the VAE, SiLU and a causal convolution in one kernel: the features in between are a video's largest tensors. In
 * diffusers 0.39, {@code autoencoder_kl_cogvideox.py}, they are three modules in a row.
 */
sealed interface NormSiluConv {
    /** Which norm a network has. */
    @FunctionalInterface
    interface Kind {
        /**
         * @param norm weights of the norm
         * @param conv weights of the convolution
         */
        NormSiluConv of(Weights norm, Weights conv, int in, int out) throws IOException;
    }

    /**
     * conv(silu(norm(x))) [+ residual]
     *
     * @param x [B, in, frames, height, width]
     * @param zq the chunk's latents [B, latentChannels, f, h, w] in the decoder; empty in the encoder
     * @param residual one tensor to add to the result, or none; its memory may become the result's
     * @return [B, out, frames, height, width]
     */
    Tensor forward(
            MemoryScope out, Tensor x, List<Tensor> zq, CogVideoXCausalConv3d.Cache cache, List<Tensor> residual);

    /** Torch's own group norm, which the encoder has. */
    static Kind grouped(VaeConfig config, double eps) {
        return (norm, conv, in, out) ->
                new Grouped(config.normNumGroups(), eps, norm.norm(in, true), new CogVideoXCausalConv3d(conv, in, out));
    }

    /** {@code CogVideoXSpatialNorm3D}, which the decoder has. */
    static Kind spatial(VaeConfig config) {
        int latents = config.latentChannels();
        return (norm, conv, in, out) -> new Spatial(
                config.normNumGroups(),
                norm.at("norm_layer").norm(in, true),
                norm.at("conv_y").at("conv").convolution(true, in, latents, 1, 1, 1),
                norm.at("conv_b").at("conv").convolution(true, in, latents, 1, 1, 1),
                new CogVideoXCausalConv3d(conv, in, out));
    }

    /** Behind a group norm with a gain and an offset for each channel. */
    record Grouped(int groups, double eps, LayerWeight norm, CogVideoXCausalConv3d conv) implements NormSiluConv {
        @Override
        public Tensor forward(
                MemoryScope out, Tensor x, List<Tensor> zq, CogVideoXCausalConv3d.Cache cache, List<Tensor> residual) {
            if (conv.splits(out, x)) {
                try (MemoryScope scope = out.open()) {
                    Tensor padded = scope.call(
                            "group_norm_silu", x, groups, norm, eps, CogVideoXCausalConv3d.PAST, cache.tail(conv));
                    return conv.inBands(out, padded, cache, residual);
                }
            }
            return cache.keep(
                    conv,
                    out.callForTuple(
                            "group_norm_conv", x, groups, norm, eps, conv.weight(), cache.tail(conv), residual));
        }
    }

    /**
     * Behind a group norm whose scale and shift are 1×1×1 convolutions of the latents. The reference resizes the latents to
     * the features' size first; a 1×1×1 convolution commutes with nearest resizing, so here it runs at the latents' size and
     * needs no cache.
     */
    record Spatial(int groups, LayerWeight normLayer, LayerWeight convY, LayerWeight convB, CogVideoXCausalConv3d conv)
            implements NormSiluConv {
        /** Fixed by the reference, whatever the config's norm_eps. */
        private static final double EPS = 1e-6;

        @Override
        public Tensor forward(
                MemoryScope out, Tensor x, List<Tensor> zq, CogVideoXCausalConv3d.Cache cache, List<Tensor> residual) {
            if (conv.splits(out, x)) {
                try (MemoryScope scope = out.open()) {
                    Tensor padded = scope.call(
                            "spatial_norm_silu",
                            x,
                            zq.get(0),
                            groups,
                            normLayer,
                            convY,
                            convB,
                            EPS,
                            CogVideoXCausalConv3d.PAST,
                            cache.tail(conv));
                    return conv.inBands(out, padded, cache, residual);
                }
            }
            return cache.keep(
                    conv,
                    out.callForTuple(
                            "spatial_norm_conv",
                            x,
                            zq.get(0),
                            groups,
                            normLayer,
                            convY,
                            convB,
                            EPS,
                            conv.weight(),
                            cache.tail(conv),
                            residual));
        }
    }
}
