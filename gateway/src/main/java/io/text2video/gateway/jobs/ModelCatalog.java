package io.text2video.gateway.jobs;

import io.text2video.common.model.ModelCard;
import io.text2video.common.topic.Topic;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The known models. The view's thread writes, any number read. */
public final class ModelCatalog {
    private final Map<String, ModelCard> byId = new ConcurrentHashMap<>();
    private final Set<String> topics = ConcurrentHashMap.newKeySet();

    /** A worker has announced the model; what was known of it before is replaced. */
    public void put(ModelCard card) {
        topics.add(card.topic());
        byId.put(card.id(), card);
    }

    /** The model is forgotten. */
    public void remove(String id) {
        byId.remove(id);
    }

    public Optional<ModelCard> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** What the default pool does where no model is named: of several, the one that was announced last. */
    public Optional<ModelCard> preferred() {
        return byId.values().stream()
                .filter(card -> card.preferred() && card.topic().equals(Topic.REQUESTS.topicName()))
                .max(Comparator.comparing(ModelCard::announcedAt).thenComparing(ModelCard::id));
    }

    /** The model that a request is for: null asks for the preferred one. */
    Optional<ModelCard> wanted(String id) {
        return id == null ? preferred() : find(id);
    }

    /** The topic of the pool whose workers have the model that a request is for; of the default one where nobody has. */
    public String topic(String wanted) {
        return wanted(wanted).map(ModelCard::topic).orElse(Topic.REQUESTS.topicName());
    }

    /** All models, by their ids' order. */
    public List<ModelCard> all() {
        return byId.values().stream()
                .sorted(Comparator.comparing(ModelCard::id))
                .toList();
    }

    /** Every topic that a card has ever named: jobs may still be on one whose models are forgotten. */
    public Set<String> topics() {
        return Set.copyOf(topics);
    }
}
