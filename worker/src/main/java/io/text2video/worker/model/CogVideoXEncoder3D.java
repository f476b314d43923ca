package io.text2video.worker.model;

import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One chunk of pixels to moments of latents. Source: diffusers 0.39, {@code autoencoder_kl_cogvideox.py}. */
final class CogVideoXEncoder3D {
    /** Of the last norm; fixed by the reference, whatever the config's norm_eps. */
    private static final double OUT_EPS = 1e-6;

    private final CogVideoXCausalConv3d convIn;
    private final List<DownBlock> downBlocks = new ArrayList<>();
    private final CogVideoXResnetBlock3D.Stack midBlock;
    private final NormSiluConv convOut;

    CogVideoXEncoder3D(VaeConfig config, Weights weights) throws IOException {
        NormSiluConv.Kind kind = NormSiluConv.grouped(config, config.normEps());
        List<Integer> channels = config.blockOutChannels();
        int blocks = channels.size();
        int in = channels.get(0);
        this.convIn = new CogVideoXCausalConv3d(weights.at("conv_in"), config.inChannels(), in);
        int halvings = Integer.numberOfTrailingZeros(config.temporalCompressionRatio());
        for (int i = 0; i < blocks; i++) {
            int out = channels.get(i);
            Weights block = weights.at("down_blocks").at(i);
            var resnets = new CogVideoXResnetBlock3D.Stack(kind, block.at("resnets"), config.layersPerBlock(), in, out);
            downBlocks.add(new DownBlock(resnets, i < blocks - 1 ? downsampler(block, out) : null, i < halvings));
            in = out;
        }
        this.midBlock = CogVideoXResnetBlock3D.Stack.midBlock(kind, weights.at("mid_block"), in);
        this.convOut = NormSiluConv.grouped(config, OUT_EPS)
                .of(weights.at("norm_out"), weights.at("conv_out"), in, 2 * config.latentChannels());
    }

    private static LayerWeight downsampler(Weights block, int channels) throws IOException {
        return block.at("downsamplers").at(0).at("conv").convolution(true, channels, channels, 3, 3);
    }

    /**
     * Encodes a chunk.
     *
     * @param x [B, inChannels, frames, height, width] in [−1, 1]
     * @param cache of the chunk before; holds this one's afterwards
     * @return [B, 2·latentChannels, f, h, w]
     */
    Tensor forward(MemoryScope out, Tensor x, CogVideoXCausalConv3d.Cache cache) {
        try (MemoryScope scope = out.open()) {
            Tensor y = convIn.forward(scope, x, cache);
            for (DownBlock block : downBlocks) {
                y = block.forward(scope, y, cache);
            }
            y = midBlock.forward(scope, y, List.of(), cache);
            return convOut.forward(out, y, List.of(), cache, List.of());
        }
    }

    /**
     * {@code CogVideoXDownBlock3D}: resnets at one resolution, then, in all blocks but the last, half the height and width.
     *
     * @param downsampler null in the last block. A convolution of each frame. Source: diffusers 0.39,
     *     {@code downsampling.py}
     * @param halveFrames whether before that the mean of each pair of frames is taken (the first of an odd number stays
     *     single)
     */
    private record DownBlock(CogVideoXResnetBlock3D.Stack resnets, LayerWeight downsampler, boolean halveFrames) {
        /** Frees x. */
        Tensor forward(MemoryScope out, Tensor x, CogVideoXCausalConv3d.Cache cache) {
            Tensor y = resnets.forward(out, x, List.of(), cache);
            if (downsampler == null) {
                return y;
            }
            Tensor smaller = out.call("downsample", y, downsampler, halveFrames); // [B, out, f, h/2, w/2]
            y.free();
            return smaller;
        }
    }
}
