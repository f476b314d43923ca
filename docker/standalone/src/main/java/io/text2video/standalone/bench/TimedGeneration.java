package io.text2video.standalone.bench;

import io.text2video.worker.pipeline.CogVideoXPipeline;
import io.text2video.worker.pipeline.FrameSink;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.StepListener;
import java.util.ArrayList;
import java.util.List;

/**
 * A generation and when it happened.
 *
 * @param start {@link System#nanoTime}
 * @param stepEnds the same, of each step
 */
record TimedGeneration(long start, Generation generation, List<Long> stepEnds) {
    static TimedGeneration run(CogVideoXPipeline pipeline, GenerationParameters parameters, StepListener listener) {
        List<Long> stepEnds = new ArrayList<>();
        long start = System.nanoTime();
        StepListener timed = (step, steps) -> {
            stepEnds.add(System.nanoTime());
            listener.onStep(step, steps);
        };
        Generation generation = pipeline.generate(parameters, timed, FrameSink.NONE);
        return new TimedGeneration(start, generation, stepEnds);
    }

    Timing timing() {
        return Timing.of(generation, stepEnds);
    }

    /** What each stage took of memory. */
    List<MeasuredStageMemory> memory(MemorySampler sampler) {
        long encoded = start + generation.textEncoding().toNanos();
        long denoised = encoded + generation.denoising().toNanos();
        long decoded = denoised + generation.decoding().toNanos();
        return List.of(
                sampler.between("encode", start, encoded),
                sampler.between("denoise", encoded, denoised),
                sampler.between("decode", denoised, decoded));
    }
}
