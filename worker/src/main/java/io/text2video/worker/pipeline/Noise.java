package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.Generator;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.SamplingKernels;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.scheduler.NoiseSource;

/** One part's draws from a generation's generator, saved in their order under a key. */
final class Noise implements NoiseSource {
    private final Generator generator;
    private final Tracer tracer;
    private final String key;
    private int drawn;

    Noise(Generator generator, Tracer tracer, String key) {
        this.generator = generator;
        this.tracer = tracer;
        this.key = key;
    }

    @Override
    public Tensor draw(MemoryScope scope, long... shape) {
        Tensor noise = SamplingKernels.randn(scope, generator, Components.COMPUTE_TYPE, shape);
        tracer.tensor(scope, key + "." + drawn++, noise);
        return noise;
    }
}
