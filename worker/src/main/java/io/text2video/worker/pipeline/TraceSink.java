package io.text2video.worker.pipeline;

import io.text2video.worker.weights.SafetensorsWriter;

/**
 * Takes the intermediate tensors of a generation, on the thread that generates and in the order they arise.
 *
 * <p>Keys and shapes, with B = 2 (the negative prompt first) under guidance and 1 without:
 *
 * <ul>
 *   <li>{@code input_ids} [B, T], the prompt first here; {@code prompt_embeds} and {@code negative_prompt_embeds} [1, T, d]
 *   <li>{@code alphas_cumprod} [training timesteps]; {@code timesteps} [steps]
 *   <li>{@code image_rgb8} [height, width, 3] u8 and {@code image_noise.0} [1, C, 1, h, w], where it starts from an image
 *   <li>{@code video_noise.0} [1, C, F, h, w], {@code video_latents} and {@code noised_latents} [1, F, C, h, w], where it is
 *       made from a video
 *   <li>{@code control_latents} [1, F, C, h, w], where it is drawn along a control video
 *   <li>{@code pipeline_noise.0} [1, F, C, h, w]; {@code transformer_input.0} [B, F, C, h, w]
 *   <li>{@code noise_pred.N} [B, F, C, h, w] and {@code latents.N} [1, F, C, h, w] of step N, from 0
 *   <li>{@code step_changes} [steps], where there is a cache: by how much each had changed against the last computed one
 *   <li>{@code frames} [1, frames, 3, height, width] in [0, 1]
 * </ul>
 */
@FunctionalInterface
public interface TraceSink {
    /** Takes nothing; tensors are not even copied for it. */
    TraceSink NONE = tensor -> {};

    void accept(SafetensorsWriter.Entry tensor);
}
