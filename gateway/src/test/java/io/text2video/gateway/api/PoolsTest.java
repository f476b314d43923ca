package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.job.JobId;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.ModelCard;
import io.text2video.common.topic.Pool;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.fleet.Announcements;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.jobs.JobView;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class PoolsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    Announcements workers;

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @AfterEach
    void forget() {
        workers.forgetAll();
    }

    @Test
    void shouldSendARequestToThePoolThatServesItsModel() {
        workers.announce(Cards.COGVIDEOX_2B, Cards.COGVIDEOX_5B);

        String large = submit(Cards.COGVIDEOX_5B.id());
        String usual = submit(Cards.COGVIDEOX_2B.id());

        assertThat(TopicRecords.of(broker, Cards.LARGE.topic(), large)).hasSize(1);
        assertThat(TopicRecords.of(broker, Pool.DEFAULT.topic(), large)).isEmpty();
        assertThat(TopicRecords.of(broker, Pool.DEFAULT.topic(), usual)).hasSize(1);
        assertThat(TopicRecords.of(broker, Cards.LARGE.topic(), usual)).isEmpty();
    }

    @Test
    void shouldFindTheFirstJobOfANewPoolOnEveryGateway() {
        try (JobView other = JobView.open(kafka, PATIENCE)) {
            for (int i = 0; i < 4; i++) {
                ModelCard card = Cards.like2b("new/model-" + i, new Pool("new-" + i));
                workers.announce(card);

                String id = submit(card.id());

                assertThat(other.find(JobId.parse(id)).await().indefinitely())
                        .as("the first job of pool %d", i)
                        .isPresent();
                given().get("/v1/videos/" + id).then().statusCode(200);
            }
        }
    }

    @Test
    void shouldFindAJobWhoseModelIsForgottenOnAGatewayThatStartsLater() {
        ModelCard card = Cards.like2b("short/lived", new Pool("short-lived"));
        workers.announce(card);
        String id = submit(card.id());

        workers.forget(card.id());

        try (JobView later = JobView.open(kafka, PATIENCE)) {
            assertThat(later.find(JobId.parse(id)).await().indefinitely()).isPresent();
        }
        given().get("/v1/videos/" + id).then().statusCode(200);
    }

    @Test
    void shouldAnswerAlthoughACardNamesATopicThatIsNotThere() {
        ModelCard card = Cards.like2b("no/where", new Pool("nowhere"));
        workers.write(card.id(), new String(JsonCodec.write(card), StandardCharsets.UTF_8));

        given().get("/v1/videos/" + JobId.next()).then().statusCode(404);

        workers.forget(card.id());
    }

    private static String submit(String model) {
        return given().contentType(ContentType.JSON)
                .body("{\"prompt\":\"a red ball\",\"model\":\"%s\"}".formatted(model))
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }
}
