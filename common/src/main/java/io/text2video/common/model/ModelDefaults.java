package io.text2video.common.model;

import jakarta.validation.constraints.Min;

/**
 * What a model is best asked for when a request leaves it open: the checkpoint's {@code generation_config.json}, or
 * what its kind was published with.
 */
public record ModelDefaults(
        @Min(1) int numInferenceSteps,
        double guidanceScale,
        boolean useDynamicCfg,
        @Min(1) int height,
        @Min(1) int width,
        @Min(1) int numFrames,
        @Min(1) int fps) {

    /** Of the video that a request gets which leaves everything open. */
    public GenerationSize size() {
        return new GenerationSize(height, width, numFrames, numInferenceSteps, guidanceScale);
    }
}
