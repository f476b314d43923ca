package io.text2video.worker.plan;

/**
 * What is to be generated, as far as memory goes.
 *
 * @param height pixels
 * @param width pixels
 * @param guided whether the negative prompt is drawn beside the prompt
 * @param fromImage whether it starts from an image
 * @param cached whether steps are reused, for which some tensors are kept from step to step
 * @param loraBytes of the LoRAs' files, which are copied
 */
public record PlannedVideo(
        int height, int width, int numFrames, boolean guided, boolean fromImage, boolean cached, long loraBytes) {}
