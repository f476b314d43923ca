package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.SamplingKernels;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.weights.SafetensorsDtype;
import java.nio.ByteBuffer;

/** Turns the decoder's chunks into pixels as they come, so that the floats of only one chunk are held at a time. */
final class FrameCollector {
    private final GenerationParameters parameters;
    private final Tracer tracer;
    private final ByteBuffer rgb;
    private final ByteBuffer floats;

    FrameCollector(GenerationParameters parameters, Tracer tracer) {
        this.parameters = parameters;
        this.tracer = tracer;
        int pixels = parameters.numFrames() * parameters.height() * parameters.width();
        this.rgb = ByteBuffer.allocate(Math.multiplyExact(3, pixels));
        this.floats = Tracer.littleEndian(tracer.active() ? Math.multiplyExact(3 * Float.BYTES, pixels) : 0);
    }

    /** @param chunk [1, 3, frames, height, width] in [−1, 1] */
    void add(MemoryScope parent, Tensor chunk) {
        try (MemoryScope scope = parent.open()) {
            Tensor frames = SamplingKernels.toUnitRange(scope, chunk); // [1, frames, 3, height, width]
            rgb.put(TensorKernels.toBytes(scope, SamplingKernels.toRgb8(scope, frames)));
            if (tracer.active()) {
                floats.put(TensorKernels.toBytes(scope, frames));
            }
        }
    }

    Frames finish() {
        tracer.bytes(
                "frames",
                SafetensorsDtype.F32,
                floats.flip(),
                1,
                parameters.numFrames(),
                3,
                parameters.height(),
                parameters.width());
        return new Frames(parameters.numFrames(), parameters.height(), parameters.width(), rgb.array());
    }
}
