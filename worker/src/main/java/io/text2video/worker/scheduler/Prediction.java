package io.text2video.worker.scheduler;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;

/** What the network's output says of the finished latents: x0 = fromSample · sample + fromOutput · output. */
record Prediction(double fromSample, double fromOutput) {
    Tensor clean(MemoryScope out, Tensor sample, Tensor output) {
        return out.call("mix", sample, output, fromSample, fromOutput);
    }
}
