package io.text2video.common.model;

/**
 * The numbers of a call that decide how long it takes.
 *
 * @param height pixels
 * @param width pixels
 * @param guidanceScale 1 or less runs without guidance
 */
public record GenerationSize(int height, int width, int numFrames, int numInferenceSteps, double guidanceScale) {
    /** How many predictions a step makes: under guidance the negative prompt's beside the prompt's. */
    int passes() {
        return guidanceScale > 1 ? 2 : 1;
    }

    GenerationSize withSize(int otherHeight, int otherWidth) {
        return new GenerationSize(otherHeight, otherWidth, numFrames, numInferenceSteps, guidanceScale);
    }

    /** The same but for the frames. */
    public GenerationSize withNumFrames(int frames) {
        return new GenerationSize(height, width, frames, numInferenceSteps, guidanceScale);
    }

    /** The same but for the steps. */
    public GenerationSize withNumInferenceSteps(int steps) {
        return new GenerationSize(height, width, numFrames, steps, guidanceScale);
    }
}
