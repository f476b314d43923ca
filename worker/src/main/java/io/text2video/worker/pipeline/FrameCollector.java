package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.SamplingKernels;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.weights.SafetensorsDtype;
import java.nio.ByteBuffer;

/**
 * Turns the decoder's chunks into pixels as they come, so that the floats of only one chunk are held at a time. Where the
 * decoder makes more frames than were asked for, the surplus is at the start: the first latent frame stands for one frame
 * and came out as several. A trace keeps them, as the reference hands them out.
 */
final class FrameCollector {
    private final GenerationParameters parameters;
    private final int decodedFrames;
    private final Tracer tracer;
    private int surplus;
    private final ByteBuffer rgb;
    private final ByteBuffer floats;

    FrameCollector(GenerationParameters parameters, int decodedFrames, Tracer tracer) {
        this.parameters = parameters;
        this.decodedFrames = decodedFrames;
        this.surplus = decodedFrames - parameters.numFrames();
        this.tracer = tracer;
        int frame = 3 * parameters.height() * parameters.width();
        this.rgb = ByteBuffer.allocate(Math.multiplyExact(parameters.numFrames(), frame));
        this.floats = Tracer.littleEndian(tracer.active() ? Math.multiplyExact(Float.BYTES * decodedFrames, frame) : 0);
    }

    /** @param chunk [1, 3, frames, height, width] in [−1, 1] */
    void add(MemoryScope parent, Tensor chunk) {
        try (MemoryScope scope = parent.open()) {
            Tensor frames = SamplingKernels.toUnitRange(scope, chunk); // [1, frames, 3, height, width]
            int skipped = Math.min(surplus, frames.size(1));
            surplus -= skipped;
            Tensor shown = TensorKernels.narrow(scope, frames, 1, skipped, frames.size(1));
            rgb.put(TensorKernels.toBytes(scope, SamplingKernels.toRgb8(scope, shown)));
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
                decodedFrames,
                3,
                parameters.height(),
                parameters.width());
        return new Frames(parameters.numFrames(), parameters.height(), parameters.width(), rgb.array());
    }
}
