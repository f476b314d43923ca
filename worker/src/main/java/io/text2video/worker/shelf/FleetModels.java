package io.text2video.worker.shelf;

import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.ModelCard;
import io.text2video.common.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;

/** The cards of all models of the fleet, on {@code video.models}. Holds no connection between calls. */
public final class FleetModels {
    private static final Logger LOG = Logger.getLogger(FleetModels.class);
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(200);

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
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, LIMIT.toMillis());
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ModelCard card : cards) {
                sent.add(producer.send(
                        new ProducerRecord<>(Topic.MODELS.topicName(), card.id(), JsonCodec.write(card))));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(
                    "the models cannot be announced: " + e.getCause().getMessage(), e.getCause());
        } catch (KafkaException e) {
            throw new IOException("the models cannot be announced: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the models were announced", e);
        }
    }

    /**
     * Reads the topic to its end.
     *
     * @return id to the newest card
     * @throws IOException when the broker does not answer
     */
    public Map<String, ModelCard> read() throws IOException {
        Map<String, Object> config = new HashMap<>(kafka);
        config.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis());
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.MODELS.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<String, ModelCard> cards = new HashMap<>();
            long limit = System.nanoTime() + LIMIT.toNanos();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                if (System.nanoTime() > limit) {
                    throw new IOException("%s was not read to its end within %d s"
                            .formatted(Topic.MODELS.topicName(), LIMIT.toSeconds()));
                }
                consumer.poll(POLL).forEach(record -> take(record, cards));
            }
            return cards;
        } catch (KafkaException e) {
            throw new IOException("%s cannot be read: %s".formatted(Topic.MODELS.topicName(), e.getMessage()), e);
        }
    }

    /** A card that is none is as good as absent: another program may have written it. */
    private static void take(ConsumerRecord<String, byte[]> record, Map<String, ModelCard> cards) {
        cards.remove(record.key());
        if (record.value() == null) {
            return;
        }
        try {
            ModelCard card = JsonCodec.read(record.value(), ModelCard.class);
            if (card.id().equals(record.key())) {
                cards.put(card.id(), card);
            }
        } catch (InvalidMessageException e) {
            LOG.warnf("model card ignored offset=%d reason=%s", record.offset(), e.getMessage());
        }
    }
}
