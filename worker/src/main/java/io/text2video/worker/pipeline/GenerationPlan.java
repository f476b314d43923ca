package io.text2video.worker.pipeline;

import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.state.Digests;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One generation, and how it runs.
 *
 * @param loras each LoRA's weights and scale, as text
 */
record GenerationPlan(GenerationParameters parameters, List<String> loras, Rung rung) {
    /** What decides the latents bit by bit, beside the model: of the rung only what rounds otherwise. */
    Map<String, Object> decisive() {
        RgbImage image = parameters.image();
        Map<String, Object> decisive = new HashMap<>();
        decisive.put("prompt", parameters.prompt());
        decisive.put("negative_prompt", parameters.negativePrompt());
        decisive.put("steps", parameters.numInferenceSteps());
        decisive.put("guidance_scale", parameters.guidanceScale());
        decisive.put("use_dynamic_cfg", parameters.useDynamicCfg());
        decisive.put("cache_threshold", parameters.cacheThreshold());
        decisive.put("height", parameters.height());
        decisive.put("width", parameters.width());
        decisive.put("num_frames", parameters.numFrames());
        decisive.put("seed", parameters.seed());
        decisive.put("loras", loras);
        // Slices of a product are rounded otherwise than the whole; tiles, than the image encoded as one.
        decisive.put("feed_forward_slices", rung.has(Saving.FEED_FORWARD_SLICES));
        decisive.put("image_tiles", image != null && rung.has(Saving.VAE_TILES));
        decisive.put(
                "image",
                image == null ? "none" : image.height() + "x" + image.width() + " " + Digests.hex(image.rgb()));
        return decisive;
    }
}
