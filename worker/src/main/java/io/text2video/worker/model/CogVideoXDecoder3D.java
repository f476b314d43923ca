package io.text2video.worker.model;

import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One chunk of latents to pixels. Source: diffusers 0.39, {@code autoencoder_kl_cogvideox.py}. */
final class CogVideoXDecoder3D {
    private final CogVideoXCausalConv3d convIn;
    private final CogVideoXResnetBlock3D.Stack midBlock;
    private final List<UpBlock> upBlocks = new ArrayList<>();
    private final NormSiluConv convOut;

    CogVideoXDecoder3D(VaeConfig config, Weights weights) throws IOException {
        NormSiluConv.Kind kind = NormSiluConv.spatial(config);
        List<Integer> channels = config.blockOutChannels();
        int blocks = channels.size();
        int widest = channels.get(blocks - 1);
        this.convIn = new CogVideoXCausalConv3d(weights.at("conv_in"), config.latentChannels(), widest);
        this.midBlock = CogVideoXResnetBlock3D.Stack.midBlock(kind, weights.at("mid_block"), widest);
        int doublings = Integer.numberOfTrailingZeros(config.temporalCompressionRatio());
        int in = widest;
        for (int i = 0; i < blocks; i++) {
            int out = channels.get(blocks - 1 - i);
            Weights block = weights.at("up_blocks").at(i);
            int layers = config.layersPerBlock() + 1;
            var resnets = new CogVideoXResnetBlock3D.Stack(kind, block.at("resnets"), layers, in, out);
            upBlocks.add(new UpBlock(resnets, i < blocks - 1 ? upsampler(block, out) : null, i < doublings));
            in = out;
        }
        this.convOut = kind.of(weights.at("norm_out"), weights.at("conv_out"), in, config.outChannels());
    }

    private static LayerWeight upsampler(Weights block, int channels) throws IOException {
        return block.at("upsamplers").at(0).at("conv").convolution(true, channels, channels, 3, 3);
    }

    /**
     * Decodes a chunk.
     *
     * @param z [B, latentChannels, f, h, w]
     * @param cache of the chunk before; holds this one's afterwards
     * @return [B, outChannels, frames, height, width] in [−1, 1], more or less
     */
    Tensor forward(MemoryScope out, Tensor z, CogVideoXCausalConv3d.Cache cache) {
        List<Tensor> zq = List.of(z);
        try (MemoryScope scope = out.open()) {
            Tensor x = midBlock.forward(scope, convIn.forward(scope, z, cache), zq, cache);
            for (UpBlock block : upBlocks) {
                x = block.forward(scope, x, zq, cache);
            }
            return convOut.forward(out, x, zq, cache, List.of());
        }
    }

    /**
     * {@code CogVideoXUpBlock3D}: resnets at one resolution, then, in all blocks but the last, twice the height and width.
     *
     * @param upsampler null in the last block. A convolution of each enlarged frame
     * @param doubleFrames whether the frames are doubled too (the first of an odd number stays single)
     */
    private record UpBlock(CogVideoXResnetBlock3D.Stack resnets, LayerWeight upsampler, boolean doubleFrames) {
        /** Frees x. */
        Tensor forward(MemoryScope out, Tensor x, List<Tensor> zq, CogVideoXCausalConv3d.Cache cache) {
            Tensor y = resnets.forward(out, x, zq, cache);
            if (upsampler == null) {
                return y;
            }
            Tensor larger = upsample(out, y); // [B, out, f, 2·h, 2·w]
            y.free();
            return larger;
        }

        private Tensor upsample(MemoryScope out, Tensor y) {
            int frames = doubleFrames ? 2 * y.size(2) : y.size(2);
            if (!BandedKernels.splits(out, upsampler, frames, 2 * y.size(3), 2 * y.size(4))) {
                return out.call("upsample", y, upsampler, doubleFrames);
            }
            try (MemoryScope scope = out.open()) {
                Tensor larger = scope.call("enlarge", y, doubleFrames);
                return BandedKernels.convolution(out, larger, upsampler, List.of());
            }
        }
    }
}
