package io.text2video.worker.pipeline;

/**
 * What a model is best asked for when a request leaves it open: the checkpoint's {@code generation_config.json}, or
 * what its kind was published with.
 */
public record GenerationDefaults(
        int numInferenceSteps, double guidanceScale, int height, int width, int numFrames, int fps) {}
