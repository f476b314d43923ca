package io.text2video.worker.pipeline;

/**
 * Everything that decides the pixels of one video, with no value left open. Names follow diffusers'
 * {@code CogVideoXPipeline.__call__}.
 *
 * @param prompt what to draw
 * @param negativePrompt what to steer away from; empty for nothing
 * @param numInferenceSteps denoising steps, at least 1
 * @param guidanceScale classifier-free guidance; 1 or less runs without it
 * @param height pixels
 * @param width pixels
 * @param numFrames frames of the finished video
 * @param fps frames per second of the finished video; does not change the frames
 * @param seed of the Mersenne-Twister generator that draws the first latents
 */
public record GenerationParameters(
        String prompt,
        String negativePrompt,
        int numInferenceSteps,
        double guidanceScale,
        int height,
        int width,
        int numFrames,
        int fps,
        long seed) {}
