package io.text2video.worker.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.text2video.worker.device.Gpu;
import io.text2video.worker.device.GpuMemory;
import io.text2video.worker.device.Gpus;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The memory of the GPUs that a worker's models run on, whichever processes hold it. The driver is asked at each scrape. */
final class GpuMeters {
    private GpuMeters() {}

    static void register(List<Gpu> gpus, MeterRegistry registry) {
        for (Gpu gpu : gpus) {
            register(gpu, "used", memory -> memory.total() - memory.free(), registry);
            register(gpu, "free", GpuMemory::free, registry);
        }
    }

    private static void register(Gpu gpu, String state, ToDoubleFunction<GpuMemory> bytes, MeterRegistry registry) {
        Gauge.builder("text2video.worker.gpu.memory", gpu, one -> Gpus.memory(one)
                        .map(bytes::applyAsDouble)
                        .orElse(Double.NaN))
                .description("Memory of a GPU that this worker computes on; NaN where the driver does not tell")
                .baseUnit("bytes")
                .tag("gpu", Integer.toString(gpu.index()))
                .tag("state", state)
                // Nobody else holds the GPU, and a gauge of what is gone tells nothing
                .strongReference(true)
                .register(registry);
    }
}
