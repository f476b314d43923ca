package io.text2video.worker.plan;

/**
 * What is to be generated, as far as memory goes.
 *
 * @param height pixels
 * @param width pixels
 * @param guided whether the negative prompt is drawn beside the prompt
 * @param encodedFrames how many frames the VAE encodes before the first step: 1 of an image, all of a video, else 0
 * @param cached whether steps are reused, for which some tensors are kept from step to step
 * @param loraBytes of the LoRAs' files, which are copied
 */
public record PlannedVideo(
        int height, int width, int numFrames, boolean guided, int encodedFrames, boolean cached, long loraBytes) {}
