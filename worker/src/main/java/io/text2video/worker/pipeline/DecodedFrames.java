package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.weights.SafetensorsDtype;
import java.nio.ByteBuffer;

/**
 * Turns the decoder's chunks into pixels and hands them on as they come, so that only one chunk is held at a time. Where the
 * decoder makes more frames than were asked for, the surplus is at the start: the first latent frame stands for one frame
 * and came out as several. A trace keeps them, as the reference hands them out.
 */
final class DecodedFrames {
    private final GenerationParameters parameters;
    private final int decodedFrames;
    private final FrameSink sink;
    private final Tracer tracer;
    private int surplus;

    /** Of the whole video, for the trace alone. */
    private final ByteBuffer floats;

    DecodedFrames(GenerationPlan plan, FrameSink sink, Tracer tracer) {
        this.parameters = plan.parameters();
        this.decodedFrames = plan.shape().decodedFrames();
        this.surplus = decodedFrames - parameters.numFrames();
        this.sink = sink;
        this.tracer = tracer;
        int frame = 3 * parameters.height() * parameters.width();
        this.floats = Tracer.littleEndian(tracer.active() ? Math.multiplyExact(Float.BYTES * decodedFrames, frame) : 0);
    }

    /** @param chunk [1, 3, frames, height, width] in [−1, 1] */
    void add(MemoryScope parent, Tensor chunk) {
        try (MemoryScope scope = parent.open()) {
            Tensor frames = scope.call("to_unit_range", chunk); // [1, frames, 3, height, width]
            int skipped = Math.min(surplus, frames.size(1));
            surplus -= skipped;
            if (skipped < frames.size(1)) {
                sink.accept(pixels(scope, TensorKernels.narrow(scope, frames, 1, skipped, frames.size(1))));
            }
            if (tracer.active()) {
                floats.put(TensorKernels.toBytes(scope, frames));
            }
        }
    }

    /** All have come. */
    void finish() {
        tracer.bytes(
                "frames",
                SafetensorsDtype.F32,
                floats.flip(),
                1,
                decodedFrames,
                3,
                parameters.height(),
                parameters.width());
    }

    /** @param frames [1, frames, 3, height, width] in [0, 1] */
    static Frames pixels(MemoryScope scope, Tensor frames) {
        ByteBuffer bytes = TensorKernels.toBytes(scope, scope.call("to_rgb8", frames));
        byte[] rgb = new byte[bytes.remaining()];
        bytes.get(rgb);
        return new Frames(frames.size(1), frames.size(3), frames.size(4), rgb);
    }
}
