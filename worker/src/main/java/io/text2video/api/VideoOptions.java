package io.text2video.api;

import io.text2video.common.model.LoraRecipe;
import io.text2video.common.model.LoraScale;
import io.text2video.common.model.VideoParameters;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.PreviewSink;
import io.text2video.worker.pipeline.RgbImage;
import io.text2video.worker.pipeline.VideoStart;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * How one video is drawn: the parameters of diffusers' {@code CogVideoXPipeline.__call__} under their names, and who is told
 * meanwhile. What is not said is what the model was published to be run with. Values are checked when the model is asked to
 * draw. For one thread.
 */
public final class VideoOptions {
    /** The largest that a reader who keeps numbers as doubles reads exactly. */
    private static final long LARGEST_SEED = 1L << 53;

    private String negativePrompt = "";
    private Integer numInferenceSteps;
    private List<Integer> timesteps;
    private Double guidanceScale;
    private Boolean useDynamicCfg;
    private double eta;
    private double cacheThreshold;
    private Integer height;
    private Integer width;
    private Integer numFrames;
    private Integer fps;
    private Long seed;
    private final VideoInputs inputs = new VideoInputs();
    private final List<LoraScale> loras = new ArrayList<>();

    private boolean embedRecipe = true;
    private Progress onStep = (step, steps) -> {};
    private Progress onFrames = (frames, numFrames) -> {};
    private Preview onPreview;
    private BooleanSupplier cancelled = () -> false;

    VideoOptions() {}

    /** Told how far a generation is, on the thread that generates. What it throws ends the generation. */
    @FunctionalInterface
    public interface Progress {
        /**
         * More is done.
         *
         * @param done from 1 to {@code all}
         */
        void at(int done, int all);
    }

    /** Shown what there is of a video, on the thread that generates. What it throws ends the generation. */
    @FunctionalInterface
    public interface Preview {
        /**
         * A step is done.
         *
         * @param step from 1
         * @param firstFrame noise at first, the video's first frame in the end
         */
        void show(int step, BufferedImage firstFrame);
    }

    /** What to steer away from. Else nothing. */
    public VideoOptions negativePrompt(String text) {
        negativePrompt = text;
        return this;
    }

    /** Denoising steps, at least 1. */
    public VideoOptions numInferenceSteps(int steps) {
        numInferenceSteps = steps;
        return this;
    }

    /**
     * The training timesteps that the steps start from, strictly falling, for models and LoRAs that were trained for a few;
     * {@code numInferenceSteps} is then their number. diffusers' CogVideoX schedulers take none.
     */
    public VideoOptions timesteps(int... values) {
        timesteps = IntStream.of(values).boxed().toList();
        return this;
    }

    /** Classifier-free guidance; 1 or less draws without it, in half the time. */
    public VideoOptions guidanceScale(double scale) {
        guidanceScale = scale;
        return this;
    }

    /** Whether guidance grows over the steps. */
    public VideoOptions useDynamicCfg(boolean dynamic) {
        useDynamicCfg = dynamic;
        return this;
    }

    /** From 0 to 1; taken as diffusers does, whose CogVideoX schedulers make no use of it. */
    public VideoOptions eta(double value) {
        eta = value;
        return this;
    }

    /** From 0, which computes every step, to 1: up to what relative change a step uses the transformer's last work again. */
    public VideoOptions cacheThreshold(double threshold) {
        cacheThreshold = threshold;
        return this;
    }

    /** Pixels. */
    public VideoOptions height(int pixels) {
        height = pixels;
        return this;
    }

    /** Pixels. */
    public VideoOptions width(int pixels) {
        width = pixels;
        return this;
    }

    /** Frames in all: a multiple of the VAE's temporal ratio, plus 1. */
    public VideoOptions numFrames(int frames) {
        numFrames = frames;
        return this;
    }

    /** Frames per second of the MP4; changes no pixel. */
    public VideoOptions fps(int frames) {
        fps = frames;
        return this;
    }

    /** Diffusers' {@code generator=torch.Generator().manual_seed(seed)}. Else another each time. */
    public VideoOptions seed(long value) {
        seed = value;
        return this;
    }

    /** What the video starts from, with an image-to-video model, which needs one. */
    public VideoOptions image(BufferedImage start) {
        inputs.image = RgbImage.of(start);
        return this;
    }

    /**
     * The same from a PNG, JPEG or WebP.
     *
     * @throws InvalidOptionException naming a file that cannot be read or is no such image
     */
    public VideoOptions image(Path file) {
        inputs.image = VideoInputs.image(file);
        return this;
    }

    /**
     * The video that this one is made from, with a text-to-video model: diffusers' {@code CogVideoXVideoToVideoPipeline}. The
     * first frames of an MP4, MOV, WebM, Matroska, AVI or GIF of at most 64 MiB, at this video's rate and size; where {@link
     * #numFrames} is not said, no more than it has. It is read when the model is asked to draw.
     */
    public VideoOptions video(Path file) {
        inputs.video = file;
        return this;
    }

    /** How far from {@link #video(Path)}, above 0, to 1: that share of the steps is taken. Else 0.8. */
    public VideoOptions strength(double share) {
        inputs.strength = share;
        return this;
    }

    /**
     * The video that this one goes on with from its last frame, with an image-to-video model: the result has its frames, then
     * the new ones. {@link #numFrames} counts all of them; where it is not said, as many are drawn as the model draws. A file
     * as of {@link #video(Path)}.
     */
    public VideoOptions extend(Path file) {
        inputs.extended = file;
        return this;
    }

    /**
     * The video of poses, edges or the like that this one is drawn along, with a Fun Control model, which needs one: diffusers'
     * {@code control_video} of {@code CogVideoXFunControlPipeline}. A file as of {@link #video(Path)}.
     */
    public VideoOptions controlVideo(Path file) {
        inputs.control = file;
        return this;
    }

    /**
     * Draws with a LoRA, beside those that were named before. Diffusers' {@code set_adapters}.
     *
     * @param adapterName as in {@link LoadOptions#lora}
     * @param scale 1 as it was trained, 0 without it
     */
    public VideoOptions lora(String adapterName, double scale) {
        loras.add(new LoraScale(adapterName, scale));
        return this;
    }

    /** Whether the file is to tell how it was drawn, for {@code text2video recipe} and {@code replay}; it does unless said. */
    public VideoOptions embedRecipe(boolean embed) {
        embedRecipe = embed;
        return this;
    }

    /** Told after each step: so many of all are done. */
    public VideoOptions onStep(Progress progress) {
        onStep = progress;
        return this;
    }

    /** Told after each chunk of frames: so many of all are decoded. */
    public VideoOptions onFrames(Progress progress) {
        onFrames = progress;
        return this;
    }

    /**
     * Shown the first frame as the latents decode after each step. It costs the VAE's work for it, with a real model seconds on
     * a CPU; where there is too little memory for the VAE beside the transformer, there is none.
     */
    public VideoOptions onPreview(Preview preview) {
        onPreview = preview;
        return this;
    }

    /**
     * Ends the generation with a {@link java.util.concurrent.CancellationException} once this says so.
     *
     * @param condition asked many times a second, on the thread that generates: it must cost next to nothing
     */
    public VideoOptions cancelWhen(BooleanSupplier condition) {
        cancelled = condition;
        return this;
    }

    boolean isRecipeEmbedded() {
        return embedRecipe;
    }

    Progress stepProgress() {
        return onStep;
    }

    Progress frameProgress() {
        return onFrames;
    }

    PreviewSink previewSink() {
        return onPreview == null ? PreviewSink.NONE : (step, frame) -> onPreview.show(step, frame.image(0));
    }

    boolean isCancelled() {
        return cancelled.getAsBoolean();
    }

    /**
     * What is drawn, with the image or video that it starts from.
     *
     * @param between run before each frame of a file
     */
    VideoStart.Drawn start(String prompt, ModelDescription model, Map<String, LoraRecipe> recipes, Runnable between) {
        return inputs.start(resolve(prompt, model, recipes), numFrames != null, model, between);
    }

    /** With the model's own values where nothing was said, and without what it starts from. */
    GenerationParameters resolve(String prompt, ModelDescription model, Map<String, LoraRecipe> recipes) {
        var wanted = new VideoParameters(
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
                timesteps);
        long drawn = ThreadLocalRandom.current().nextLong(LARGEST_SEED);
        return GenerationParameters.of(prompt, wanted.with(recipes), model.defaults(), drawn, null);
    }
}
