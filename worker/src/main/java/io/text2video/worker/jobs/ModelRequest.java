package io.text2video.worker.jobs;

import io.text2video.common.job.VideoReference;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.GenerationSize;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.LoraRecipe;
import io.text2video.common.model.ModelLimits;
import io.text2video.common.model.VideoParameters;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.VideoStart;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/** A request, with no value left open. */
final class ModelRequest {
    /** JavaScript readers of JSON know whole numbers exactly up to here. */
    private static final long SEEDS = 1L << 53;

    private ModelRequest() {}

    /**
     * Fills in what the request leaves to the model, and checks what can be checked while the model is not loaded and
     * the image or video not fetched.
     *
     * @param recipes of the model's LoRAs
     * @return the parameters, the image or video aside; how many frames are drawn, {@link VideoStart#of} tells of a request that
     *     names a video
     * @throws io.text2video.common.model.InvalidGenerationException when the model cannot serve a value
     */
    static GenerationParameters resolve(VideoRequest request, ModelDescription model, Map<String, LoraRecipe> recipes) {
        VideoParameters wanted = request.parameters().with(recipes);
        var parameters = GenerationParameters.of(
                request.prompt(), wanted, model.defaults(), seed(request.id().value()), null);
        ModelLimits limits = model.limits();
        int frames = least(request, parameters, limits).numFrames();
        limits.check(parameters.height(), parameters.width(), frames, parameters.numInferenceSteps());
        limits.checkTimesteps(parameters.timesteps(), parameters.numInferenceSteps());
        if (request.inputVideo() == null) {
            checkImage(request, limits);
        } else {
            InputVideoRules.check(request, parameters, limits);
        }
        return parameters;
    }

    private static void checkImage(VideoRequest request, ModelLimits limits) {
        limits.checkImage(request.inputReference() != null);
        if (limits.controlRequired()) {
            throw new InvalidGenerationException(
                    InputVideoReader.FIELD,
                    InputVideoReader.FIELD + " is missing: this model draws along a control video (operation control)");
        }
    }

    /** What is drawn at least, whatever the video has that the request names. */
    static GenerationSize least(VideoRequest request, GenerationParameters parameters, ModelLimits limits) {
        VideoReference video = request.inputVideo();
        return video == null ? parameters.size() : video.least(parameters.size(), isCounted(request), limits);
    }

    /** What is made of the video that the request names; nothing when it names none. */
    static Optional<VideoStart> start(VideoRequest request, GenerationParameters parameters, ModelLimits limits) {
        VideoReference video = request.inputVideo();
        boolean counted = isCounted(request);
        return video == null
                ? Optional.empty()
                : Optional.of(
                        switch (video.operationOrDefault()) {
                            case EDIT -> VideoStart.edit(video.strengthOrDefault(), parameters, counted, limits);
                            case EXTEND -> VideoStart.extension(parameters, counted, limits);
                            case CONTROL -> VideoStart.control(parameters, counted, limits);
                        });
    }

    private static boolean isCounted(VideoRequest request) {
        return request.parameters().numFrames() != null;
    }

    /** Parameters in the words of the contract, as they were requested where they decide no pixel. */
    static VideoParameters published(GenerationParameters parameters, VideoParameters requested) {
        return parameters.inRequestWords(requested);
    }

    /** Any, but of one job always the same: another attempt at it draws the same video. */
    private static long seed(UUID id) {
        long head = new SplittableRandom(id.getMostSignificantBits()).nextLong();
        return new SplittableRandom(head ^ id.getLeastSignificantBits()).nextLong(SEEDS);
    }
}
