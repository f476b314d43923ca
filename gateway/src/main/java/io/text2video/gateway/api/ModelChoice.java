package io.text2video.gateway.api;

import io.smallrye.config.ConfigMapping;
import io.smallrye.mutiny.Uni;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.ModelCard;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.ModelCatalog;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Finds the model that a path names, or that a request is for. What is not known yet may just have been announced. */
@ApplicationScoped
class ModelChoice {
    /** What models are called beside their ids. */
    @ConfigMapping(prefix = "gateway")
    interface AliasConfig {
        /** By the name that clients use: the id of the model that they get, or {@code preferred} for the fleet's preferred one. */
        Map<String, String> modelAliases();
    }

    private static final String PREFERRED = "preferred";

    private final JobView view;
    private final ModelCatalog models;
    private final Map<String, String> aliases;

    ModelChoice(JobView view, AliasConfig config) {
        this.view = view;
        models = view.models();
        aliases = Map.copyOf(config.modelAliases());
    }

    /**
     * The id of the model that clients mean by a name: an alias stands for another, all else for itself.
     *
     * @param name or null
     * @return null for the preferred model
     */
    String idOf(String name) {
        String alias = name == null ? null : aliases.get(name);
        return alias == null ? name : alias.equals(PREFERRED) ? null : alias;
    }

    /** The id that jobs of the model have which clients call so; the name itself where nothing is known of it. */
    String shownAs(String name) {
        String id = idOf(name);
        return id != null || name == null
                ? id
                : models.preferred().map(ModelCard::id).orElse(name);
    }

    Uni<List<ModelCard>> all() {
        return view.upToDate().map(done -> models.all());
    }

    Uni<ModelCard> byPath(String name) {
        String id = idOf(name);
        return upToDate(() -> id == null ? models.preferred() : models.find(id))
                .map(card -> card.orElseThrow(
                        () -> ApiException.of(ApiErrorCode.MODEL_NOT_FOUND, "there is no such model; " + known())));
    }

    /**
     * The model of a new video. Nothing as long as no model is known and none is named: the worker takes its own, and
     * judges. Nothing as well for a name that cannot be one, which is refused with the request's other fields.
     *
     * @param id or null for the preferred one
     */
    Uni<Optional<ModelCard>> forRequest(String id) {
        if (id == null) {
            return upToDate(models::preferred).invoke(card -> {
                if (card.isEmpty() && !models.all().isEmpty()) {
                    throw unknown("model must be named: the fleet prefers none; " + known());
                }
            });
        }
        if (!id.matches(VideoRequest.MODEL)) {
            return Uni.createFrom().item(Optional.empty());
        }
        return upToDate(() -> models.find(id)).invoke(card -> {
            if (card.isEmpty()) {
                throw unknown("model %s is not known; %s".formatted(id, known()));
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
