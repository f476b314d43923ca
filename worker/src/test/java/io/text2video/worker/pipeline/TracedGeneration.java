package io.text2video.worker.pipeline;

import io.text2video.worker.plan.Rung;
import io.text2video.worker.state.Checkpoints;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of a generation, bit by bit.
 *
 * @param tensors as {@link TraceSink} names them
 */
@SuppressWarnings("ArrayRecordComponent")
record TracedGeneration(Generation generation, Map<String, ByteBuffer> tensors, byte[] rgb) {
    static TracedGeneration of(
            CogVideoXPipeline pipeline, GenerationParameters call, Checkpoints checkpoints, StepListener listener) {
        return of(pipeline, call, Rung.WHOLE, checkpoints, listener);
    }

    static TracedGeneration of(
            CogVideoXPipeline pipeline,
            GenerationParameters call,
            Rung rung,
            Checkpoints checkpoints,
            StepListener listener) {
        Map<String, ByteBuffer> tensors = new TreeMap<>();
        var frames = new CollectedFrames(call);
        Generation generation = pipeline.generate(
                call, rung, checkpoints, listener, frames, tensor -> tensors.put(tensor.name(), tensor.data()));
        return new TracedGeneration(generation, tensors, frames.frames().rgb());
    }

    /** How many steps were taken. */
    long steps() {
        return tensors.keySet().stream()
                .filter(name -> name.startsWith("latents."))
                .count();
    }
}
