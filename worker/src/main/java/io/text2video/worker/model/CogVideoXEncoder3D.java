package io.text2video.worker.model;

import io.text2video.worker.config.VaeConfig;
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
    private final List<CogVideoXDownBlock3D> downBlocks;
    private final ResnetStack midBlock;
    private final CogVideoXNorm normOut;
    private final CogVideoXCausalConv3d convOut;

    CogVideoXEncoder3D(VaeConfig config, Weights weights) throws IOException {
        CogVideoXNorm.Kind norms = (at, width) -> new CogVideoXGroupNorm(config, at, width, config.normEps());
        List<Integer> channels = config.blockOutChannels();
        int blocks = channels.size();
        int in = channels.get(0);
        this.convIn = new CogVideoXCausalConv3d(weights.at("conv_in"), config.inChannels(), in);
        int halvings = Integer.numberOfTrailingZeros(config.temporalCompressionRatio());
        this.downBlocks = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            int out = channels.get(i);
            Weights block = weights.at("down_blocks").at(i);
            downBlocks.add(new CogVideoXDownBlock3D(
                    norms, block, config.layersPerBlock(), in, out, i < blocks - 1, i < halvings));
            in = out;
        }
        this.midBlock = ResnetStack.midBlock(norms, weights.at("mid_block"), in);
        this.normOut = new CogVideoXGroupNorm(config, weights.at("norm_out"), in, OUT_EPS);
        this.convOut = new CogVideoXCausalConv3d(weights.at("conv_out"), in, 2 * config.latentChannels());
    }

    /**
     * Encodes a chunk.
     *
     * @param x [B, inChannels, frames, height, width] in [−1, 1]
     * @param cache of the chunk before; holds this one's afterwards
     * @return [B, 2·latentChannels, f, h, w]
     */
    Tensor forward(MemoryScope out, Tensor x, ConvCache cache) {
        try (MemoryScope scope = out.open()) {
            Tensor y = convIn.forward(scope, x, cache);
            for (CogVideoXDownBlock3D block : downBlocks) {
                y = block.forward(scope, y, cache);
            }
            y = midBlock.forward(scope, y, List.of(), cache);
            return normOut.forward(out, y, List.of(), convOut, cache, List.of());
        }
    }
}
