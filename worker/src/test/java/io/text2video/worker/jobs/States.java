package io.text2video.worker.jobs;

import io.text2video.worker.state.GenerationState;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsWriter.Entry;
import java.nio.ByteBuffer;
import java.util.List;

/** States that no generation came to. */
final class States {
    static final String COMPUTATION = "0123456789abcdef";
    static final int STEPS = 50;

    /** As many as those of 49 frames of 720x480, in fp32. */
    private static final long[] LATENTS = {1, 13, 16, 60, 90};

    private States() {}

    static GenerationState after(int step) {
        return after(step, COMPUTATION);
    }

    static GenerationState after(int step, String computation) {
        ByteBuffer data = ByteBuffer.allocate(13 * 16 * 60 * 90 * Float.BYTES);
        for (int i = 0; i < data.capacity(); i++) {
            data.put(i, (byte) (i * 31 + step));
        }
        var latents = new Entry("latents", SafetensorsDtype.F32, LATENTS, data);
        var memory = new Entry("scheduler.0", SafetensorsDtype.F32, LATENTS, data);
        return new GenerationState(computation, step, STEPS, 0, latents, List.of(memory));
    }
}
