package io.text2video.worker.shelf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.model.ModelCard;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.kafka.TopicInitializer;
import io.text2video.worker.jobs.BlobPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class FleetModelsTest {
    private static final Instant EARLIER = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    static Path data;

    private static EmbeddedKafka broker;
    private static Map<String, Object> kafka;
    private static FleetModels models;

    @BeforeAll
    static void startBroker() throws IOException {
        broker = new EmbeddedKafka(data, 0);
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        TopicInitializer.initialize(kafka, 1, Duration.ofSeconds(30));
        models = new FleetModels(kafka);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void shouldReadWhatWasAnnouncedLast() throws IOException {
        // Given models that a worker announced
        ModelCard stays = card("stays", "video.requests", EARLIER);
        models.announce(List.of(stays, card("moves", "video.requests", EARLIER)));

        // When another one announces one of them again
        ModelCard moved = card("moves", "video.requests.large", EARLIER.plusSeconds(60));
        models.announce(List.of(moved));

        // Then its word counts
        assertThat(models.read()).containsEntry("stays", stays).containsEntry("moves", moved);
    }

    @Test
    void shouldForgetWhatATombstoneIsSetOn() throws Exception {
        models.announce(List.of(card("gone", "video.requests", EARLIER)));
        send("gone", null);

        assertThat(models.read()).doesNotContainKey("gone");
    }

    @Test
    void shouldPassOverWhatIsNoCard() throws Exception {
        send("garbage", "garbage");
        models.announce(List.of(card("after", "video.requests", EARLIER)));

        assertThat(models.read()).containsKey("after").doesNotContainKey("garbage");
    }

    @Test
    void shouldSayThatTheBrokerDoesNotAnswer() {
        var nowhere = new FleetModels(Map.of("bootstrap.servers", "127.0.0.1:1", "default.api.timeout.ms", 500));

        assertThatThrownBy(nowhere::read).isInstanceOf(IOException.class).hasMessageContaining("video.models");
    }

    private static void send(String key, String value) throws Exception {
        try (var producer = new KafkaProducer<>(kafka, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(Topic.MODELS.topicName(), key, value))
                    .get();
        }
    }

    private static ModelCard card(String id, String topic, Instant announcedAt) {
        return new ServedModel(id, Path.of(id), BlobPipeline.FROM_PROMPT, Map.of())
                .card(topic, false, Optional.empty(), announcedAt);
    }
}
