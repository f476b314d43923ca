package io.text2video.worker.model;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The VAE's resnets of one resolution; {@code CogVideoXMidBlock3D} is nothing else. */
final class ResnetStack {
    /** Resnets of the middle block; fixed by the reference. */
    private static final int MID_LAYERS = 2;

    private final List<CogVideoXResnetBlock3D> resnets;

    ResnetStack(CogVideoXNorm.Kind norms, Weights weights, int layers, int in, int out) throws IOException {
        this.resnets = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            resnets.add(new CogVideoXResnetBlock3D(norms, weights.at(i), i == 0 ? in : out, out));
        }
    }

    static ResnetStack midBlock(CogVideoXNorm.Kind norms, Weights weights, int channels) throws IOException {
        return new ResnetStack(norms, weights.at("resnets"), MID_LAYERS, channels, channels);
    }

    /**
     * Runs one after the other. Frees x.
     *
     * @param x [B, in, frames, height, width]
     * @param zq as in {@link CogVideoXNorm#forward}
     * @return [B, out, frames, height, width]
     */
    Tensor forward(MemoryScope out, Tensor x, List<Tensor> zq, ConvCache cache) {
        Tensor y = x;
        for (CogVideoXResnetBlock3D resnet : resnets) {
            Tensor next = resnet.forward(out, y, zq, cache);
            y.free();
            y = next;
        }
        return y;
    }
}
