package io.text2video.worker.shelf;

import io.text2video.common.model.ModelCard;
import io.text2video.common.model.ModelCost;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.pipeline.VideoPipeline;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The models that a worker serves. Each is loaded when it is first asked for, and of those that are loaded, the one
 * that was asked for longest ago makes room. Owns what is loaded. One thread asks for
 * pipelines; others may see which are loaded.
 */
public final class ModelShelf implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ModelShelf.class);

    private final Map<String, ServedModel> models = new LinkedHashMap<>();
    private final ServedModel preferred;
    private final int most;
    private final PipelineLoader loader;
    private final ModelCosts costs = new ModelCosts();

    /** By id, the one that was asked for last at the end. */
    private final Map<String, VideoPipeline> loaded = new LinkedHashMap<>();

    /**
     * @param models the first is the preferred one
     * @param most how many are loaded at once
     * @throws IllegalArgumentException when there is no model, two have one id, or none may be loaded
     */
    public ModelShelf(List<ServedModel> models, int most, PipelineLoader loader) {
        if (models.isEmpty() || most < 1) {
            throw new IllegalArgumentException("%d models, of which %d are loaded at once; at least 1 of each is needed"
                    .formatted(models.size(), most));
        }
        for (ServedModel model : models) {
            ServedModel other = this.models.put(model.id(), model);
            if (other != null) {
                throw new IllegalArgumentException(
                        "the models in %s and %s are both named \"%s\"; rename a directory, or leave one out"
                                .formatted(other.directory(), model.directory(), model.id()));
            }
        }
        this.preferred = models.get(0);
        this.most = most;
        this.loader = loader;
    }

    /** What a request gets that names no model. */
    public ServedModel preferred() {
        return preferred;
    }

    /**
     * The model that a request names, if it is here.
     *
     * @param id null for the preferred one
     */
    public Optional<ServedModel> find(String id) {
        return Optional.ofNullable(id == null ? preferred : models.get(id));
    }

    /** In the order they were given. */
    public Set<String> ids() {
        return models.keySet();
    }

    /** What the fleet is told of the models. */
    public List<ModelCard> cards(String topic, Instant now) {
        return models.values().stream().map(model -> card(model, topic, now)).toList();
    }

    /** What the fleet is told of one of them. */
    public ModelCard card(ServedModel model, String topic, Instant now) {
        return model.card(topic, model.equals(preferred), costs.of(model.id()), now);
    }

    /** What generations of them take here. */
    public ModelCosts costs() {
        return costs;
    }

    /**
     * The model's pipeline, loaded if it is not. It stays valid until another one is asked for.
     *
     * @param interruption asked before each weight that is loaded; what it throws leaves the model unloaded
     * @throws IOException when the checkpoint cannot be loaded
     */
    public synchronized VideoPipeline pipeline(ServedModel model, Interruption interruption) throws IOException {
        VideoPipeline pipeline = loaded.remove(model.id());
        if (pipeline == null) {
            makeRoom();
            pipeline = load(model, interruption);
        }
        loaded.put(model.id(), pipeline);
        return pipeline;
    }

    /** The model's pipeline if it is loaded, for as long as no other is asked for; it stays where it is in the order. */
    public synchronized Optional<VideoPipeline> loaded(ServedModel model) {
        return Optional.ofNullable(loaded.get(model.id()));
    }

    private VideoPipeline load(ServedModel model, Interruption interruption) throws IOException {
        long start = System.nanoTime();
        VideoPipeline pipeline = loader.load(model.directory(), model.loras(), interruption);
        LOG.infof("model loaded model=%s seconds=%.1f", model.id(), (System.nanoTime() - start) / 1e9);
        if (costs.of(model.id()).isEmpty()) {
            time(model, pipeline);
        }
        return pipeline;
    }

    private void time(ServedModel model, VideoPipeline pipeline) {
        long start = System.nanoTime();
        Optional<ModelCost> cost = pipeline.cost();
        cost.ifPresent(timed -> costs.timed(model.id(), timed));
        LOG.infof(
                "model timed model=%s own_video=%s seconds=%.1f",
                model.id(),
                cost.map(timed -> "%.1fs"
                                .formatted(timed.seconds(
                                        model.description().defaults().size(),
                                        model.description().limits())))
                        .orElse("unknown"),
                (System.nanoTime() - start) / 1e9);
    }

    /** Before another is loaded, not after: memory may be for so many only. */
    private void makeRoom() {
        while (loaded.size() >= most) {
            String oldest = loaded.keySet().iterator().next();
            loaded.remove(oldest).close();
            LOG.infof("model put away model=%s", oldest);
        }
    }

    @Override
    public synchronized void close() {
        loaded.values().forEach(VideoPipeline::close);
        loaded.clear();
    }
}
