package io.text2video.gateway.api.creation;

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
import java.util.stream.Collectors;

/** Finds the model that a path names, or that a request is for. What is not known yet may just have been announced. */
@ApplicationScoped
public class ModelChoice {
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
    public String shownAs(String name) {
        String id = idOf(name);
        return id != null || name == null
                ? id
                : models.preferred().map(ModelCard::id).orElse(name);
    }

    public Uni<List<ModelCard>> all() {
        return upToDate().map(done -> models.all());
    }

    public Uni<ModelCard> byPath(String name) {
        String id = idOf(name);
        Uni<Void> known = lookUp(id).isPresent() ? Uni.createFrom().voidItem() : upToDate();
        return known.map(done -> lookUp(id)
                .orElseThrow(
                        () -> ApiException.of(ApiErrorCode.MODEL_NOT_FOUND, "there is no such model; " + known())));
    }

    /**
     * The model of a new video. Nothing as long as no model is known and none is named: the worker takes its own, and
     * judges. Nothing as well for a name that cannot be one, which is refused with the request's other fields.
     *
     * @param id or null for the preferred one
     */
    Uni<Optional<ModelCard>> forRequest(String id) {
        return lookUp(id).isPresent() || !mayBeOne(id)
                ? Uni.createFrom().item(() -> known(id))
                : upToDate().map(done -> known(id));
    }

    /** As {@link #forRequest}, among the models that are known. Asks nobody. */
    Optional<ModelCard> known(String id) {
        Optional<ModelCard> card = lookUp(id);
        if (card.isPresent() || !mayBeOne(id)) {
            return card;
        }
        if (id != null) {
            throw unknown("model %s is not known; %s".formatted(id, known()));
        }
        if (!models.all().isEmpty()) {
            throw unknown("model must be named: the fleet prefers none; " + known());
        }
        return card;
    }

    /** Completes when all models are known that the broker had at this call. */
    Uni<Void> upToDate() {
        return view.upToDate();
    }

    private Optional<ModelCard> lookUp(String id) {
        return id == null ? models.preferred() : models.find(id);
    }

    private static boolean mayBeOne(String id) {
        return id == null || id.matches(VideoRequest.MODEL);
    }

    /** Whether a request that names no model gets this one. */
    public boolean isPreferred(ModelCard card) {
        return models.preferred().filter(card::equals).isPresent();
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
