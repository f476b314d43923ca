package io.text2video.worker.model;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs a network over a few frames at a time; its causal convolutions carry the past from one chunk to the next. Source:
 * diffusers 0.39, {@code _decode} and {@code _encode} of {@code autoencoder_kl_cogvideox.py}.
 *
 * @param size frames a chunk; a remainder joins the first one
 * @param network what a chunk goes through
 */
record FrameChunks(int size, Network network) {
    @FunctionalInterface
    interface Network {
        /**
         * Runs one chunk.
         *
         * @param cache of the chunk before; holds this one's afterwards
         */
        Tensor forward(MemoryScope out, Tensor chunk, ConvCache cache);
    }

    /**
     * Hands on each chunk's result in order.
     *
     * @param x [B, C, frames, height, width]
     * @param sink takes results; they are freed when it returns
     */
    void forEach(MemoryScope parent, Tensor x, Consumer<Tensor> sink) {
        int frames = x.size(2);
        try (ConvCache cache = new ConvCache(parent)) {
            int start = 0;
            while (start < frames) {
                int end = Math.min(start + size + (start == 0 ? frames % size : 0), frames);
                try (MemoryScope scope = parent.open()) {
                    sink.accept(network.forward(scope, TensorKernels.narrow(scope, x, 2, start, end), cache));
                }
                start = end;
            }
        }
    }

    /** The results of all chunks, one after the other. */
    Tensor all(MemoryScope out, Tensor x) {
        try (MemoryScope scope = out.open()) {
            List<Tensor> results = new ArrayList<>();
            forEach(scope, x, result -> results.add(scope.adopt(result)));
            return TensorKernels.concat(out, results, 2);
        }
    }
}
