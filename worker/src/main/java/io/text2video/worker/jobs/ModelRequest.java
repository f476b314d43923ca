package io.text2video.worker.jobs;

import static java.util.Objects.requireNonNullElse;

import io.text2video.common.job.VideoParameters;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.ModelDefaults;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.ModelDescription;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** A request, with no value left open. */
final class ModelRequest {
    /** JavaScript readers of JSON know whole numbers exactly up to here. */
    private static final long SEEDS = 1L << 53;

    private ModelRequest() {}

    /**
     * Fills in what the request leaves to the model, and checks what can be checked while the model is not loaded and
     * the image not fetched.
     *
     * @return the parameters, the image aside
     * @throws io.text2video.common.model.InvalidGenerationException when the model cannot serve a value
     */
    static GenerationParameters resolve(VideoRequest request, ModelDescription model) {
        VideoParameters wanted = request.parameters();
        ModelDefaults defaults = model.defaults();
        var parameters = new GenerationParameters(
                request.prompt(),
                requireNonNullElse(wanted.negativePrompt(), ""),
                requireNonNullElse(wanted.numInferenceSteps(), defaults.numInferenceSteps()),
                requireNonNullElse(wanted.guidanceScale(), defaults.guidanceScale()),
                requireNonNullElse(wanted.useDynamicCfg(), defaults.useDynamicCfg()),
                requireNonNullElse(wanted.eta(), 0.0),
                requireNonNullElse(wanted.cacheThreshold(), 0.0),
                requireNonNullElse(wanted.height(), defaults.height()),
                requireNonNullElse(wanted.width(), defaults.width()),
                requireNonNullElse(wanted.numFrames(), defaults.numFrames()),
                requireNonNullElse(wanted.fps(), defaults.fps()),
                wanted.seed() == null ? seed(request.id().value()) : wanted.seed(),
                requireNonNullElse(wanted.loras(), List.of()),
                null);
        model.limits()
                .check(parameters.height(), parameters.width(), parameters.numFrames(), parameters.numInferenceSteps());
        model.limits().checkImage(request.inputReference() != null);
        return parameters;
    }

    /** Parameters in the words of the contract. */
    static VideoParameters published(GenerationParameters parameters) {
        return new VideoParameters(
                parameters.negativePrompt(),
                parameters.numInferenceSteps(),
                parameters.guidanceScale(),
                parameters.useDynamicCfg(),
                parameters.eta(),
                parameters.cacheThreshold(),
                parameters.height(),
                parameters.width(),
                parameters.numFrames(),
                parameters.fps(),
                parameters.seed(),
                parameters.loras());
    }

    /** Any, but of one job always the same: another attempt at it draws the same video. */
    private static long seed(UUID id) {
        long head = new SplittableRandom(id.getMostSignificantBits()).nextLong();
        return new SplittableRandom(head ^ id.getLeastSignificantBits()).nextLong(SEEDS);
    }
}
