package io.text2video.gateway.jobs;

import io.text2video.common.job.Priority;
import io.text2video.common.job.Tenant;
import io.text2video.common.job.VideoReference;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.GenerationSize;
import io.text2video.common.model.ModelCard;
import io.text2video.common.model.VideoParameters;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What of a request decides when its job is drawn and how long that takes, and no more: it is held for every job that has not
 * ended.
 *
 * @param createdAt when it was asked for
 * @param model null for the one that is preferred
 * @param parameters those that count
 * @param video what an edit is made from, with the strength that leaves out steps; null for what is no edit
 */
record Work(
        Tenant tenant,
        Priority priority,
        Instant createdAt,
        String model,
        VideoParameters parameters,
        VideoReference video) {
    /** @param time of its record, where the request has none */
    static Work of(VideoRequest request, Instant time) {
        return new Work(
                Tenant.orDefault(request.tenant()),
                Priority.orNormal(request.priority()),
                Objects.requireNonNullElse(request.createdAt(), time),
                request.model(),
                request.parameters(),
                request.inputVideo());
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
                parameters.loras(),
                parameters.timesteps());
        video = video != null && video.edit() ? video : null;
    }

    /** By what its model's worker has said that it takes; nothing where none has. */
    Optional<Double> seconds(ModelCatalog models) {
        return models.wanted(model).flatMap(this::seconds);
    }

    Optional<Double> seconds(ModelCard card) {
        return Optional.ofNullable(card.cost()).map(cost -> cost.seconds(size(card), card.limits()));
    }

    private GenerationSize size(ModelCard card) {
        GenerationSize asked = parameters.with(card.loraRecipes()).size(card.defaults());
        return video == null ? asked : video.taken(asked);
    }
}
