package io.text2video.worker.pipeline;

import static java.util.Objects.requireNonNullElse;

import io.text2video.common.model.GenerationSize;
import io.text2video.common.model.LoraScale;
import io.text2video.common.model.ModelDefaults;
import io.text2video.common.model.VideoParameters;
import io.text2video.worker.scheduler.Steps;
import java.util.List;

/**
 * Everything that decides the pixels of one video, with no value left open. Names follow diffusers'
 * {@code CogVideoXPipeline.__call__}.
 *
 * @param prompt what to draw
 * @param negativePrompt what to steer away from; empty for nothing
 * @param numInferenceSteps denoising steps, at least 1
 * @param timesteps the training timesteps that the steps start from, strictly falling; empty for those that the model's
 *     scheduler spaces
 * @param guidanceScale classifier-free guidance; 1 or less runs without it
 * @param useDynamicCfg whether guidance grows over the steps, from none to {@code guidanceScale}
 * @param eta from 0 to 1; changes nothing, since diffusers hands it to schedulers that make no use of it
 * @param cacheThreshold up to what relative change of a step the transformer's earlier work is used again, from 0, which
 *     computes every step, to 1
 * @param height pixels
 * @param width pixels
 * @param numFrames frames of the finished video
 * @param fps frames per second of the finished video; does not change the frames
 * @param seed of the Mersenne-Twister generator that draws everything random
 * @param loras to draw with, each by an id that the pipeline knows
 * @param image what the video starts from, of any size; null for a model that needs none
 * @param video what the video is made from, of as many frames, with a model that needs no image; null for none
 * @param control what the video is drawn along, as many frames of any size, with a model that needs them; null for none
 */
public record GenerationParameters(
        String prompt,
        String negativePrompt,
        int numInferenceSteps,
        List<Integer> timesteps,
        double guidanceScale,
        boolean useDynamicCfg,
        double eta,
        double cacheThreshold,
        int height,
        int width,
        int numFrames,
        int fps,
        long seed,
        List<LoraScale> loras,
        RgbImage image,
        SourceVideo video,
        Frames control) {
    public GenerationParameters {
        timesteps = List.copyOf(timesteps);
        loras = List.copyOf(loras);
        if (video != null) {
            requireAsMany(video.frames(), numFrames);
        }
        if (control != null) {
            requireAsMany(control, numFrames);
        }
    }

    private static void requireAsMany(Frames frames, int numFrames) {
        if (frames.count() != numFrames) {
            throw new IllegalArgumentException(
                    "%d frames cannot be made from a video of %d".formatted(numFrames, frames.count()));
        }
    }

    /**
     * A request's, with the model's own where it is silent.
     *
     * @param seed where the request names none
     * @param image what the video starts from; null for none
     */
    public static GenerationParameters of(
            String prompt, VideoParameters wanted, ModelDefaults defaults, long seed, RgbImage image) {
        return new GenerationParameters(
                prompt,
                requireNonNullElse(wanted.negativePrompt(), ""),
                wanted.steps(defaults),
                requireNonNullElse(wanted.timesteps(), List.of()),
                requireNonNullElse(wanted.guidanceScale(), defaults.guidanceScale()),
                requireNonNullElse(wanted.useDynamicCfg(), defaults.useDynamicCfg()),
                requireNonNullElse(wanted.eta(), 0.0),
                requireNonNullElse(wanted.cacheThreshold(), 0.0),
                requireNonNullElse(wanted.height(), defaults.height()),
                requireNonNullElse(wanted.width(), defaults.width()),
                requireNonNullElse(wanted.numFrames(), defaults.numFrames()),
                requireNonNullElse(wanted.fps(), defaults.fps()),
                requireNonNullElse(wanted.seed(), seed),
                requireNonNullElse(wanted.loras(), List.of()),
                image,
                null,
                null);
    }

    /** With the scheduler's own timesteps, and without the cache of steps. */
    public GenerationParameters(
            String prompt,
            String negativePrompt,
            int numInferenceSteps,
            double guidanceScale,
            boolean useDynamicCfg,
            double eta,
            int height,
            int width,
            int numFrames,
            int fps,
            long seed,
            List<LoraScale> loras,
            RgbImage image) {
        this(
                prompt,
                negativePrompt,
                numInferenceSteps,
                List.of(),
                guidanceScale,
                useDynamicCfg,
                eta,
                0,
                height,
                width,
                numFrames,
                fps,
                seed,
                loras,
                image,
                null,
                null);
    }

    /** The steps that are taken; of a video only the last ones. */
    Steps steps() {
        return new Steps(numInferenceSteps, timesteps, video == null ? 0 : video.skipped(numInferenceSteps));
    }

    /**
     * In the words of a request, with no value left open; the image aside.
     *
     * @param requested what was asked for that decides no pixel
     */
    public VideoParameters inRequestWords(VideoParameters requested) {
        return new VideoParameters(
                negativePrompt,
                numInferenceSteps,
                guidanceScale,
                useDynamicCfg,
                eta,
                cacheThreshold,
                height,
                width,
                numFrames,
                fps,
                seed,
                loras,
                timesteps.isEmpty() ? null : timesteps,
                requested.enhancePrompt(),
                requested.enhancePromptRequired(),
                requested.embedRecipe());
    }

    /** What decides how long it takes. */
    public GenerationSize size() {
        return new GenerationSize(height, width, numFrames, steps().taken(), guidanceScale);
    }

    /** The same, but from an image. */
    public GenerationParameters startingFrom(RgbImage start) {
        return with(prompt, negativePrompt, cacheThreshold, numFrames, start, video, control);
    }

    /** The same, but from a video, with as many frames as that has. */
    public GenerationParameters startingFrom(SourceVideo start) {
        int frames = start == null ? numFrames : start.frames().count();
        return with(prompt, negativePrompt, cacheThreshold, frames, image, start, control);
    }

    /** The same, but along a control video, with as many frames as that has. */
    public GenerationParameters along(Frames guide) {
        return with(prompt, negativePrompt, cacheThreshold, guide.count(), image, video, guide);
    }

    /** The same, but with another threshold of the cache of steps. */
    public GenerationParameters withCacheThreshold(double threshold) {
        return with(prompt, negativePrompt, threshold, numFrames, image, video, control);
    }

    /** The same, but of other words. */
    public GenerationParameters withPrompts(String otherPrompt, String otherNegativePrompt) {
        return with(otherPrompt, otherNegativePrompt, cacheThreshold, numFrames, image, video, control);
    }

    /** The same, but of so many frames. */
    public GenerationParameters withNumFrames(int frames) {
        return with(prompt, negativePrompt, cacheThreshold, frames, image, video, control);
    }

    private GenerationParameters with(
            String otherPrompt,
            String otherNegativePrompt,
            double threshold,
            int frames,
            RgbImage otherImage,
            SourceVideo otherVideo,
            Frames otherControl) {
        return new GenerationParameters(
                otherPrompt,
                otherNegativePrompt,
                numInferenceSteps,
                timesteps,
                guidanceScale,
                useDynamicCfg,
                eta,
                threshold,
                height,
                width,
                frames,
                fps,
                seed,
                loras,
                otherImage,
                otherVideo,
                otherControl);
    }
}
