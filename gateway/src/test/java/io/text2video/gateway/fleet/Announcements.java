package io.text2video.gateway.fleet;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.empty;

import io.smallrye.common.annotation.Identifier;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.ModelCard;
import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import io.text2video.kafka.TopicInitializer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What workers say when they become ready. Test classes share one broker: each forgets what it has announced. */
@Singleton
public class Announcements {
    private final OtherPrograms others;
    private final Map<String, Object> kafka;
    private final Set<String> announced = new HashSet<>();
    private final Set<String> prepared = new HashSet<>();

    Announcements(OtherPrograms others, @Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.others = others;
        this.kafka = kafka;
    }

    /** Returns when the broker has the card, and its pool's topic. */
    public void announce(ModelCard... cards) {
        for (ModelCard card : cards) {
            if (prepared.add(card.topic())) {
                Pool pool = Pool.ofTopic(card.topic()).orElseThrow();
                TopicInitializer.initialize(kafka, 1, Duration.ofSeconds(30), pool);
            }
            announced.add(card.id());
            write(card.id(), new String(JsonCodec.write(card), UTF_8));
        }
    }

    public void forget(String id) {
        announced.remove(id);
        write(id, null);
    }

    /** Returns when the gateway knows of no model either, so that the next test does not find them. */
    public void forgetAll() {
        Set.copyOf(announced).forEach(this::forget);
        given().get("/v1/models").then().body("data", empty());
    }

    /** Writes a card as it is, or a tombstone. */
    public void write(String id, String json) {
        others.send(new ProducerRecord<>(Topic.MODELS.topicName(), id, json == null ? null : json.getBytes(UTF_8)));
    }
}
