package io.text2video.worker.pipeline;

import io.text2video.worker.model.LatentShape;
import io.text2video.worker.pipeline.AdaptedTransformers.Adapted;
import io.text2video.worker.plan.PlannedVideo;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.state.Digests;
import java.util.HashMap;
import java.util.Map;

/**
 * One generation, decided once: what is drawn, with what, and how it runs.
 *
 * @param parameters that were checked
 * @param shape of its latents
 * @param transformer with its LoRAs
 */
record GenerationPlan(
        GenerationParameters parameters, LatentShape shape, Guidance guidance, Adapted transformer, Rung rung) {
    static GenerationPlan of(GenerationParameters parameters, LatentShape shape, Adapted transformer, Rung rung) {
        return new GenerationPlan(parameters, shape, Guidance.of(parameters), transformer, rung);
    }

    /** What memory is planned for. */
    static PlannedVideo video(GenerationParameters parameters, long loraBytes) {
        return new PlannedVideo(
                parameters.height(),
                parameters.width(),
                parameters.numFrames(),
                Guidance.of(parameters).active(),
                encodedFrames(parameters),
                parameters.cacheThreshold() > 0,
                loraBytes);
    }

    private static int encodedFrames(GenerationParameters parameters) {
        boolean whole = parameters.video() != null || parameters.control() != null;
        return whole ? parameters.numFrames() : parameters.image() != null ? 1 : 0;
    }

    /** The same by another way. */
    GenerationPlan by(Rung other) {
        return new GenerationPlan(parameters, shape, guidance, transformer, other);
    }

    /** The same with another transformer. */
    GenerationPlan with(Adapted other) {
        return new GenerationPlan(parameters, shape, guidance, other, rung);
    }

    /** What decides the latents bit by bit, beside the model: of the rung only what rounds otherwise. */
    Map<String, Object> decisive(boolean onGpu) {
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
        decisive.put("loras", transformer.loras());
        if (!parameters.timesteps().isEmpty()) {
            decisive.put("timesteps", parameters.timesteps());
        }
        // Slices of a product are rounded otherwise than the whole, and on a GPU one video than a batch of two; what is
        // encoded in tiles, than as one.
        decisive.put("guidance_passes", onGpu && guidance.active() && rung.has(Saving.GUIDANCE_PASSES));
        decisive.put("feed_forward_slices", rung.has(Saving.FEED_FORWARD_SLICES));
        decisive.put("image_tiles", encodedFrames(parameters) > 0 && rung.has(Saving.VAE_TILES));
        decisive.put("image", image == null ? "none" : image.digest());
        SourceVideo video = parameters.video();
        if (video != null) {
            decisive.put("video", digest(video.frames()));
            decisive.put("strength", video.strength());
        }
        if (parameters.control() != null) {
            decisive.put("control_video", digest(parameters.control()));
        }
        return decisive;
    }

    private static String digest(Frames frames) {
        return "%dx%dx%d %s".formatted(frames.count(), frames.height(), frames.width(), Digests.hex(frames.rgb()));
    }
}
