package io.text2video.worker.model;

import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.VaeKernels;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.List;

/** Two normalised causal convolutions and a shortcut. Source: diffusers 0.39, {@code autoencoder_kl_cogvideox.py}. */
final class CogVideoXResnetBlock3D {
    private final CogVideoXNorm norm1;
    private final CogVideoXCausalConv3d conv1;
    private final CogVideoXNorm norm2;
    private final CogVideoXCausalConv3d conv2;

    /** Null where the channels stay as they are. */
    private final LayerWeight convShortcut;

    CogVideoXResnetBlock3D(CogVideoXNorm.Kind norms, Weights weights, int in, int out) throws IOException {
        this.norm1 = norms.of(weights.at("norm1"), in);
        this.conv1 = new CogVideoXCausalConv3d(weights.at("conv1"), in, out);
        this.norm2 = norms.of(weights.at("norm2"), out);
        this.conv2 = new CogVideoXCausalConv3d(weights.at("conv2"), out, out);
        this.convShortcut = in == out ? null : weights.at("conv_shortcut").convolution(true, out, in, 1, 1, 1);
    }

    /**
     * Runs the block. The result may take x's memory: x is only to be freed then.
     *
     * @param x [B, in, frames, height, width]
     * @param zq as in {@link CogVideoXNorm#forward}
     * @return [B, out, frames, height, width]
     */
    Tensor forward(MemoryScope out, Tensor x, List<Tensor> zq, ConvCache cache) {
        try (MemoryScope scope = out.open()) {
            Tensor y = norm1.forward(scope, x, zq, conv1, cache, List.of());
            Tensor shortcut = convShortcut == null ? x : VaeKernels.pointwise(scope, x, convShortcut);
            return norm2.forward(out, y, zq, conv2, cache, List.of(shortcut));
        }
    }
}
