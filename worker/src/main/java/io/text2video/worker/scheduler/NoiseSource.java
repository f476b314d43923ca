package io.text2video.worker.scheduler;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;

/** Where a scheduler's noise comes from: the one generator of a generation, from which nothing may be drawn out of turn. */
@FunctionalInterface
public interface NoiseSource {
    /**
     * Draws once.
     *
     * @param scope owns the noise
     * @return standard normal values of that shape
     */
    Tensor draw(MemoryScope scope, long... shape);
}
