package io.text2video.worker.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.model.ModelCard;
import io.text2video.common.topic.Pool;
import io.text2video.kafka.PublicationException;
import io.text2video.worker.queue.Delivery;
import io.text2video.worker.shelf.FleetModels;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/**
 * Jobs for models that this worker does not have: their records go, as they came, to the pool whose workers say that
 * they have it. A record never comes to a topic twice: it names those it has left.
 */
public final class Forwarding {
    private static final Logger LOG = Logger.getLogger(Forwarding.class);

    private final Pool own;
    private final FleetModels models;
    private final JobPublisher publisher;

    /** @param own this worker's pool */
    public Forwarding(Pool own, FleetModels models, JobPublisher publisher) {
        this.own = own;
        this.models = models;
        this.publisher = publisher;
    }

    /**
     * Forwards the record.
     *
     * @param wanted the id of the model that it asks for
     * @param here ids of this worker's models
     * @param pause throws when this worker is not to go on
     * @throws UnknownModelException when no other worker has the model
     * @throws PublicationException when the broker does not take the record
     * @throws AbandonedException when the broker cannot tell who has the model, or the attempt is not to go on
     */
    Outcome forward(Delivery delivery, String wanted, Set<String> here, Backoff.Pause pause) {
        Map<String, ModelCard> cards = read();
        ConsumerRecord<byte[], byte[]> record = delivery.record();
        String topic = cards.containsKey(wanted) ? cards.get(wanted).topic() : own.topic();
        // Only a pool's topic: whatever else a card names is not for requests.
        if (Pool.ofTopic(topic).isEmpty()
                || topic.equals(own.topic())
                || leftTopics(record).contains(topic)) {
            Set<String> known = new HashSet<>(cards.keySet());
            known.remove(wanted);
            known.addAll(here);
            throw new UnknownModelException(wanted, known);
        }
        pause.await(Duration.ZERO);
        publisher.forwarded(copy(record, topic));
        LOG.infof("job forwarded record=%s model=%s topic=%s", delivery.place(), wanted, topic);
        return Outcome.FORWARDED;
    }

    private Map<String, ModelCard> read() {
        try {
            return models.read();
        } catch (IOException e) {
            throw new AbandonedException(e.getMessage());
        }
    }

    private ProducerRecord<byte[], byte[]> copy(ConsumerRecord<byte[], byte[]> record, String topic) {
        var copy =
                new ProducerRecord<>(topic, null, record.timestamp(), record.key(), record.value(), record.headers());
        copy.headers().add(Lineage.FORWARDED_FROM, own.topic().getBytes(UTF_8));
        return copy;
    }

    private static Set<String> leftTopics(ConsumerRecord<byte[], byte[]> record) {
        Set<String> topics = new HashSet<>();
        record.headers()
                .headers(Lineage.FORWARDED_FROM)
                .forEach(header -> topics.add(new String(header.value(), UTF_8)));
        return topics;
    }
}
