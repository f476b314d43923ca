package io.text2video.gateway.jobs;

import io.text2video.common.job.VideoParameters;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.ModelCard;
import java.util.Optional;

/**
 * What of a request decides how long its job takes, and no more: it is held for every job that has not ended.
 *
 * @param model null for the one that is preferred
 * @param parameters those that count
 */
record Work(String model, VideoParameters parameters) {
    static Work of(VideoRequest request) {
        return new Work(request.model(), request.parameters());
    }

    Work {
        parameters = new VideoParameters(
                null,
                parameters.numInferenceSteps(),
                parameters.guidanceScale(),
                null,
                null,
                null,
                parameters.height(),
                parameters.width(),
                parameters.numFrames(),
                null,
                null,
                null);
    }

    /** By what its model's worker has said that it takes; nothing where none has. */
    Optional<Double> seconds(ModelCatalog models) {
        return (model == null ? models.preferred() : models.find(model)).flatMap(card -> seconds(card));
    }

    Optional<Double> seconds(ModelCard card) {
        return Optional.ofNullable(card.cost())
                .map(cost -> cost.seconds(parameters.size(card.defaults()), card.limits()));
    }
}
