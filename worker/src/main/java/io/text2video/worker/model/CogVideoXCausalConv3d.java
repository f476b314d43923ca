package io.text2video.worker.model;

import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A 3×3×3 convolution that sees no future: its first input frame stands for the time before it, and in a later chunk the
 * last frames of the chunk before do. Source: diffusers 0.39, {@code autoencoder_kl_cogvideox.py}.
 */
final class CogVideoXCausalConv3d {
    private static final int KERNEL = 3;

    /** Frames of the time before that it sees. */
    static final int PAST = KERNEL - 1;

    private final LayerWeight conv;

    CogVideoXCausalConv3d(Weights weights, int in, int out) throws IOException {
        this.conv = weights.at("conv").convolution(true, out, in, KERNEL, KERNEL, KERNEL);
    }

    LayerWeight weight() {
        return conv;
    }

    /** Whether features [B, in, frames, height, width] take a CPU seconds. */
    boolean splits(MemoryScope scope, Tensor x) {
        return BandedKernels.splits(scope, conv, x.size(2), x.size(3), x.size(4));
    }

    /** Convolves so many of them: a band at a time, what {@link #PAST} frames are put before. */
    Tensor inBands(MemoryScope out, Tensor padded, Cache cache, List<Tensor> residual) {
        cache.keep(this, out.call("tail_of", padded, PAST));
        return BandedKernels.convolution(out, padded, conv, residual);
    }

    /** From x [B, in, frames, height, width] to [B, out, frames, height, width]. */
    Tensor forward(MemoryScope out, Tensor x, Cache cache) {
        return cache.keep(this, out.callForTuple("causal_conv", x, conv, cache.tail(this)));
    }

    /**
     * The last two input frames of each causal convolution, from one chunk to the next: diffusers' {@code conv_cache}. Owns
     * them until closed.
     */
    static final class Cache implements AutoCloseable {
        private final MemoryScope scope;
        private final Map<CogVideoXCausalConv3d, Tensor> tails = new HashMap<>();

        Cache(MemoryScope parent) {
            this.scope = parent.open();
        }

        /** The tail of the chunk before, [B, in, 2, height, width]; empty at the first chunk. */
        List<Tensor> tail(CogVideoXCausalConv3d conv) {
            Tensor tail = tails.get(conv);
            return tail == null ? List.of() : List.of(tail);
        }

        /**
         * Keeps the tail for the next chunk in place of the last one.
         *
         * @param result of a kernel: the features, and the tail
         * @return the features
         */
        Tensor keep(CogVideoXCausalConv3d conv, List<Tensor> result) {
            keep(conv, result.get(1));
            return result.get(0);
        }

        /** The same of the tail alone. */
        void keep(CogVideoXCausalConv3d conv, Tensor tail) {
            Tensor old = tails.put(conv, scope.adopt(tail));
            if (old != null) {
                old.free();
            }
        }

        @Override
        public void close() {
            scope.close();
        }
    }
}
