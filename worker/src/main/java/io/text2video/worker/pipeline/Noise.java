package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.Generator;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.scheduler.NoiseSource;

/** One part's draws from a generation's generator, saved in their order under a key. */
final class Noise implements NoiseSource {
    private final Generator generator;
    private final DType dtype;
    private final Tracer tracer;
    private final String key;
    private int drawn;

    /** @param dtype of what is drawn, and on which the values depend */
    Noise(Generator generator, DType dtype, Tracer tracer, String key) {
        this.generator = generator;
        this.dtype = dtype;
        this.tracer = tracer;
        this.key = key;
    }

    @Override
    public Tensor draw(MemoryScope scope, long... shape) {
        Tensor noise = generator.randn(scope, dtype, shape);
        tracer.tensor(scope, key + "." + drawn++, noise);
        return noise;
    }
}
