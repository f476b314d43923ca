package io.text2video.worker.model;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.VaeKernels.Convolved;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The last input frames of each causal convolution, from one chunk to the next. Owns them until closed. */
final class ConvCache implements AutoCloseable {
    private final MemoryScope scope;
    private final Map<CogVideoXCausalConv3d, Tensor> tails = new HashMap<>();

    ConvCache(MemoryScope parent) {
        this.scope = parent.open();
    }

    /** The tail of the chunk before; empty at the first chunk. */
    List<Tensor> tail(CogVideoXCausalConv3d conv) {
        Tensor tail = tails.get(conv);
        return tail == null ? List.of() : List.of(tail);
    }

    /** Keeps the tail for the next chunk in place of the last one, and hands on the features. */
    Tensor replace(CogVideoXCausalConv3d conv, Convolved result) {
        Tensor old = tails.put(conv, scope.adopt(result.tail()));
        if (old != null) {
            old.free();
        }
        return result.x();
    }

    @Override
    public void close() {
        scope.close();
    }
}
