package io.text2video.standalone.bench;

import java.util.Map;

/**
 * What was run.
 *
 * @param model the checkpoint, as requests name it
 * @param device that it ran on, as torch names it
 * @param dtype what the networks computed in
 * @param threads of the engine's arithmetic
 * @param flags everything else that was given for model and generation, by the flags' names
 */
public record Settings(
        String model,
        int numInferenceSteps,
        int numFrames,
        int height,
        int width,
        double guidanceScale,
        String device,
        String dtype,
        int threads,
        int warmup,
        int repeat,
        Map<String, String> flags) {}
