package io.text2video.worker.weights;

import io.text2video.worker.kernels.LayerWeight;
import java.io.IOException;

/** Adds to the weights of a network's linears and convolutions as the network is built. */
@FunctionalInterface
public interface LayerAdapter {
    /**
     * Adapts one layer.
     *
     * @param layer its name, such as {@code transformer_blocks.0.attn1.to_q}
     * @param base its own weight, which must not be changed
     * @param shape of its weight: [out, in] or [out, in, kernel…]
     * @return what to use in the base's place, or the base itself
     * @throws IOException when what there is to add does not fit
     */
    LayerWeight adapt(String layer, LayerWeight base, long... shape) throws IOException;
}
