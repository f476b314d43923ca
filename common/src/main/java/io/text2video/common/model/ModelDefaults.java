package io.text2video.common.model;

/**
 * What a model is best asked for when a request leaves it open: the checkpoint's {@code generation_config.json}, or
 * what its kind was published with.
 */
public record ModelDefaults(
        int numInferenceSteps,
        double guidanceScale,
        boolean useDynamicCfg,
        int height,
        int width,
        int numFrames,
        int fps) {}
