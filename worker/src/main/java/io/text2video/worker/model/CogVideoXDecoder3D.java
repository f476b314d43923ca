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
    /** Resnets of the middle block; fixed by the reference. */
    private static final int MID_LAYERS = 2;

    private final CogVideoXCausalConv3d convIn;
    private final List<CogVideoXResnetBlock3D> midBlock;
    private final List<CogVideoXUpBlock3D> upBlocks;
    private final CogVideoXSpatialNorm3D normOut;
    private final CogVideoXCausalConv3d convOut;

    CogVideoXDecoder3D(VaeConfig config, Weights weights) throws IOException {
        List<Integer> channels = config.blockOutChannels();
        int blocks = channels.size();
        int widest = channels.get(blocks - 1);
        this.convIn = new CogVideoXCausalConv3d(weights.at("conv_in"), config.latentChannels(), widest);
        this.midBlock = new ArrayList<>();
        for (int i = 0; i < MID_LAYERS; i++) {
            midBlock.add(new CogVideoXResnetBlock3D(
                    config, weights.at("mid_block").at("resnets").at(i), widest, widest));
        }
        int doublings = Integer.numberOfTrailingZeros(config.temporalCompressionRatio());
        this.upBlocks = new ArrayList<>();
        int in = widest;
        for (int i = 0; i < blocks; i++) {
            int out = channels.get(blocks - 1 - i);
            Weights block = weights.at("up_blocks").at(i);
            upBlocks.add(new CogVideoXUpBlock3D(config, block, in, out, i < blocks - 1, i < doublings));
            in = out;
        }
        this.normOut = new CogVideoXSpatialNorm3D(config, weights.at("norm_out"), in);
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
        try (MemoryScope scope = out.open()) {
            Tensor x = convIn.forward(scope, z, cache);
            for (CogVideoXResnetBlock3D resnet : midBlock) {
                Tensor next = resnet.forward(scope, x, z, cache);
                x.free();
                x = next;
            }
            for (CogVideoXUpBlock3D block : upBlocks) {
                x = block.forward(scope, x, z, cache);
            }
            return normOut.forward(out, x, z, convOut, cache, List.of());
        }
    }
}
