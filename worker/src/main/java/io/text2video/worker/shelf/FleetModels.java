package io.text2video.worker.shelf;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.ModelCard;
import io.text2video.common.topic.Topic;
import io.text2video.kafka.PublicationException;
import io.text2video.kafka.ReliablePublisher;
import io.text2video.kafka.TopicScan;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/** The cards of all models of the fleet, on {@code video.models}. Holds no connection between calls. */
public final class FleetModels {
    private static final Logger LOG = Logger.getLogger(FleetModels.class);
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final Map<String, Object> kafka;

    /** @param kafka client configuration, {@code bootstrap.servers} at least */
    public FleetModels(Map<String, Object> kafka) {
        this.kafka = Map.copyOf(kafka);
    }

    /**
     * Publishes cards, over what was known of these models.
     *
     * @throws IOException when the broker does not take them all
     */
    public void announce(List<ModelCard> cards) throws IOException {
        Map<String, Object> config = new HashMap<>(kafka);
        config.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, LIMIT.toMillis());
        try (var publisher = new ReliablePublisher(config)) {
            for (ModelCard card : cards) {
                publisher.publish(record(card));
            }
        } catch (PublicationException e) {
            throw new IOException("the models cannot be announced: " + e.getMessage(), e);
        }
    }

    /** A card as it is published, over what was known of its model. */
    public static ProducerRecord<byte[], byte[]> record(ModelCard card) {
        return new ProducerRecord<>(Topic.MODELS.topicName(), card.id().getBytes(UTF_8), JsonCodec.write(card));
    }

    /**
     * Reads the topic to its end.
     *
     * @return id to the newest card
     * @throws IOException when the broker does not answer
     */
    public Map<String, ModelCard> read() throws IOException {
        Map<String, ModelCard> cards = new HashMap<>();
        try {
            TopicScan.readToEnd(kafka, Topic.MODELS.topicName(), LIMIT, record -> take(record, cards));
            return cards;
        } catch (KafkaException e) {
            throw new IOException("%s cannot be read: %s".formatted(Topic.MODELS.topicName(), e.getMessage()), e);
        }
    }

    /** A card that is none is as good as absent: another program may have written it. */
    private static void take(ConsumerRecord<byte[], byte[]> record, Map<String, ModelCard> cards) {
        String id = record.key() == null ? "" : new String(record.key(), UTF_8);
        cards.remove(id);
        if (record.value() == null) {
            return;
        }
        try {
            ModelCard card = JsonCodec.read(record.value(), ModelCard.class);
            if (card.id().equals(id)) {
                cards.put(card.id(), card);
            }
        } catch (InvalidMessageException e) {
            LOG.warnf("model card ignored offset=%d reason=%s", record.offset(), e.getMessage());
        }
    }
}
