package io.text2video.worker.model;

import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One chunk of latents to pixels. Source: diffusers 0.39, {@code autoencoder_kl_cogvideox.py}. */
final class CogVideoXDecoder3D {
    private final CogVideoXCausalConv3d convIn;
    private final ResnetStack midBlock;
    private final List<CogVideoXUpBlock3D> upBlocks;
    private final CogVideoXNorm normOut;
    private final CogVideoXCausalConv3d convOut;

    CogVideoXDecoder3D(VaeConfig config, Weights weights) throws IOException {
        CogVideoXNorm.Kind norms = (at, width) -> new CogVideoXSpatialNorm3D(config, at, width);
        List<Integer> channels = config.blockOutChannels();
        int blocks = channels.size();
        int widest = channels.get(blocks - 1);
        this.convIn = new CogVideoXCausalConv3d(weights.at("conv_in"), config.latentChannels(), widest);
        this.midBlock = ResnetStack.midBlock(norms, weights.at("mid_block"), widest);
        int doublings = Integer.numberOfTrailingZeros(config.temporalCompressionRatio());
        this.upBlocks = new ArrayList<>();
        int in = widest;
        for (int i = 0; i < blocks; i++) {
            int out = channels.get(blocks - 1 - i);
            Weights block = weights.at("up_blocks").at(i);
            upBlocks.add(new CogVideoXUpBlock3D(
                    norms, block, config.layersPerBlock() + 1, in, out, i < blocks - 1, i < doublings));
            in = out;
        }
        this.normOut = norms.of(weights.at("norm_out"), in);
        this.convOut = new CogVideoXCausalConv3d(weights.at("conv_out"), in, config.outChannels());
    }

    /**
     * Decodes a chunk.
     *
     * @param z [B, latentChannels, f, h, w]
     * @param cache of the chunk before; holds this one's afterwards
     * @return [B, outChannels, frames, height, width] in [−1, 1], more or less
     */
    Tensor forward(MemoryScope out, Tensor z, ConvCache cache) {
        List<Tensor> zq = List.of(z);
        try (MemoryScope scope = out.open()) {
            Tensor x = midBlock.forward(scope, convIn.forward(scope, z, cache), zq, cache);
            for (CogVideoXUpBlock3D block : upBlocks) {
                x = block.forward(scope, x, zq, cache);
            }
            return normOut.forward(out, x, zq, convOut, cache, List.of());
        }
    }
}
