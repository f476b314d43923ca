package io.text2video.gateway.api;

import io.smallrye.mutiny.Uni;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.ModelCard;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.ModelCatalog;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Finds the model that a path names, or that a request is for. What is not known yet may just have been announced. */
@ApplicationScoped
class ModelChoice {
    private final JobView view;
    private final ModelCatalog models;

    ModelChoice(JobView view) {
        this.view = view;
        models = view.models();
    }

    Uni<List<ModelCard>> all() {
        return view.upToDate().map(done -> models.all());
    }

    Uni<ModelCard> byPath(String id) {
        return upToDate(() -> models.find(id))
                .map(card -> card.orElseThrow(
                        () -> ApiException.of(ApiErrorCode.MODEL_NOT_FOUND, "there is no such model; " + known())));
    }

    /**
     * The model of a new video. Nothing as long as no model is known and none is named: the worker takes its own, and
     * judges. Nothing as well for a name that cannot be one, which is refused with the request's other fields.
     *
     * @param name or null
     */
    Uni<Optional<ModelCard>> forRequest(String name) {
        if (name == null) {
            return upToDate(models::preferred).invoke(card -> {
                if (card.isEmpty() && !models.all().isEmpty()) {
                    throw unknown("model must be named: the fleet prefers none; " + known());
                }
            });
        }
        if (!name.matches(VideoRequest.MODEL)) {
            return Uni.createFrom().item(Optional.empty());
        }
        return upToDate(() -> models.find(name)).invoke(card -> {
            if (card.isEmpty()) {
                throw unknown("model %s is not known; %s".formatted(name, known()));
            }
        });
    }

    /** Whether a request that names no model gets this one. */
    boolean isPreferred(ModelCard card) {
        return models.preferred().filter(card::equals).isPresent();
    }

    private Uni<Optional<ModelCard>> upToDate(Supplier<Optional<ModelCard>> lookUp) {
        Optional<ModelCard> known = lookUp.get();
        return known.isPresent()
                ? Uni.createFrom().item(known)
                : view.upToDate().map(done -> lookUp.get());
    }

    private String known() {
        List<ModelCard> all = models.all();
        return all.isEmpty()
                ? "no worker has announced a model yet"
                : all.stream().map(ModelCard::id).collect(Collectors.joining(", ", "there are ", ""));
    }

    private static ApiException unknown(String message) {
        return ApiException.of(ApiErrorCode.UNKNOWN_MODEL, "model", message);
    }
}
