package io.text2video.worker.jobs;

import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.LoraRecipe;
import io.text2video.common.model.ModelLimits;
import io.text2video.common.model.VideoParameters;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.ModelDescription;
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
        Optional<VideoStart> start = start(request, parameters, limits);
        int frames = start.map(from -> from.least().numFrames()).orElse(parameters.numFrames());
        limits.check(parameters.height(), parameters.width(), frames, parameters.numInferenceSteps());
        limits.checkTimesteps(parameters.timesteps(), parameters.numInferenceSteps());
        start.ifPresentOrElse(VideoStart::check, () -> checkImage(request, limits));
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

    /** The video that the request names; nothing when it names none. */
    static Optional<VideoStart> start(VideoRequest request, GenerationParameters parameters, ModelLimits limits) {
        return request.inputVideo() == null
                ? Optional.empty()
                : Optional.of(new VideoStart(request, parameters, limits));
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
