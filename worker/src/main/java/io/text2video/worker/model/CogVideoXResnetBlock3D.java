package io.text2video.worker.model;

import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Two normalised causal convolutions and a shortcut. Source: diffusers 0.39, {@code autoencoder_kl_cogvideox.py}. */
final class CogVideoXResnetBlock3D {
    private final NormSiluConv conv1;
    private final NormSiluConv conv2;

    /** Null where the channels stay as they are. */
    private final LayerWeight convShortcut;

    CogVideoXResnetBlock3D(NormSiluConv.Kind kind, Weights weights, int in, int out) throws IOException {
        this.conv1 = kind.of(weights.at("norm1"), weights.at("conv1"), in, out);
        this.conv2 = kind.of(weights.at("norm2"), weights.at("conv2"), out, out);
        this.convShortcut = in == out ? null : weights.at("conv_shortcut").convolution(true, out, in, 1, 1, 1);
    }

    /**
     * Runs the block. The result may take x's memory: x is only to be freed then.
     *
     * @param x [B, in, frames, height, width]
     * @param zq as in {@link NormSiluConv#forward}
     * @return [B, out, frames, height, width]
     */
    Tensor forward(MemoryScope out, Tensor x, List<Tensor> zq, CogVideoXCausalConv3d.Cache cache) {
        try (MemoryScope scope = out.open()) {
            Tensor y = conv1.forward(scope, x, zq, cache, List.of()); // [B, out, frames, height, width]
            Tensor shortcut = convShortcut == null ? x : AutoencoderKLCogVideoX.pointwise(scope, x, convShortcut);
            return conv2.forward(out, y, zq, cache, List.of(shortcut));
        }
    }

    /** The resnets of one resolution; {@code CogVideoXMidBlock3D} is nothing else. */
    static final class Stack {
        /** Resnets of the middle block; fixed by the reference. */
        private static final int MID_LAYERS = 2;

        private final List<CogVideoXResnetBlock3D> resnets = new ArrayList<>();

        Stack(NormSiluConv.Kind kind, Weights weights, int layers, int in, int out) throws IOException {
            for (int i = 0; i < layers; i++) {
                resnets.add(new CogVideoXResnetBlock3D(kind, weights.at(i), i == 0 ? in : out, out));
            }
        }

        static Stack midBlock(NormSiluConv.Kind kind, Weights weights, int channels) throws IOException {
            return new Stack(kind, weights.at("resnets"), MID_LAYERS, channels, channels);
        }

        /** Runs one after the other, as {@link CogVideoXResnetBlock3D#forward}. Frees x. */
        Tensor forward(MemoryScope out, Tensor x, List<Tensor> zq, CogVideoXCausalConv3d.Cache cache) {
            Tensor y = x;
            for (CogVideoXResnetBlock3D resnet : resnets) {
                Tensor next = resnet.forward(out, y, zq, cache);
                y.free();
                y = next;
            }
            return y;
        }
    }
}
