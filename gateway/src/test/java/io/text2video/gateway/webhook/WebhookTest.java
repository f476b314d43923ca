package io.text2video.gateway.webhook;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.standardwebhooks.Webhook;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.event.EventType;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.topic.Topic;
import io.text2video.gateway.fleet.FleetResource;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.OtherPrograms;
import io.text2video.gateway.fleet.TopicTail;
import jakarta.inject.Inject;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(FleetResource.class)
class WebhookTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    OtherPrograms others;

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    private final JobId id = JobId.next();

    @Test
    void shouldTryAgainUntilTheReceiverTakesTheCall() throws Exception {
        try (var receiver = new Receiver(500, 500)) {
            end(receiver);

            await().until(() -> receiver.calls.size() == 3);
            for (Receiver.Call call : receiver.calls) {
                assertThat(call.header("Webhook-id")).isEqualTo(id + ".video.completed");
                new Webhook(FleetResource.WEBHOOK_SECRET).verify(call.body(), call.headers());
            }
            JsonNode body = JSON.readTree(receiver.calls.get(2).body());
            assertThat(body.get("type").asText()).isEqualTo("video.completed");
            assertThat(body.get("timestamp").asText()).isEqualTo("2026-01-02T03:04:09Z");
            assertThat(body.get("data"))
                    .isEqualTo(JSON.readTree(given().get("/v1/videos/" + id).asByteArray()));
        }
    }

    @Test
    void shouldNotFollowARedirect() throws Exception {
        try (var receiver = new Receiver(302)) {
            end(receiver);

            await().until(() -> receiver.calls.size() == 2);
            assertThat(receiver.calls.get(1).headers()).containsKey("Webhook-signature");
        }
    }

    @Test
    void shouldGiveUpAtOnceWhenTheReceiverIsGone() throws Exception {
        try (var receiver = new Receiver(410);
                var deadLetters = new TopicTail(kafka, Topic.DEAD_LETTERS)) {
            end(receiver);

            assertThat(deadLetters.reasonFor(id)).isEqualTo("status 410");
            assertThat(receiver.calls).hasSize(1);
        }
    }

    @Test
    void shouldParkADeliveryAfterItsLastTry() throws Exception {
        try (var receiver = new Receiver(500, 500, 500, 500);
                var deadLetters = new TopicTail(kafka, Topic.DEAD_LETTERS)) {
            end(receiver);

            assertThat(deadLetters.reasonFor(id)).isEqualTo("status 500 at the last of 4 tries");
            assertThat(receiver.calls).hasSize(4);
        }
    }

    @Test
    void shouldParkADeliveryForAJobThatIsNotThere() throws Exception {
        try (var receiver = new Receiver();
                var deadLetters = new TopicTail(kafka, Topic.DEAD_LETTERS)) {
            others.webhook(Jobs.completed(Jobs.queued(id, Jobs.TIME, receiver.url()), 7), EventType.COMPLETED);

            assertThat(deadLetters.reasonFor(id)).isEqualTo("there is no such job");
        }
    }

    @Test
    void shouldNotWaitForASlowReceiver() throws Exception {
        try (var silent = new ServerSocket(0);
                var receiver = new Receiver()) {
            for (int i = 0; i < 100; i++) {
                JobId other = JobId.next();
                JobSnapshot job =
                        Jobs.completed(Jobs.queued(other, Jobs.TIME, "http://127.0.0.2:" + silent.getLocalPort()), 7);
                others.snapshot(job);
                others.webhook(job, EventType.COMPLETED);
            }

            end(receiver);

            await().until(() -> receiver.calls.size() == 1);
        }
    }

    @Test
    void shouldCountWhatBecameOfDeliveries() throws Exception {
        try (var receiver = new Receiver()) {
            end(receiver);

            await().untilAsserted(() -> assertThat(given().get("/q/metrics").asString())
                    .contains("text2video_webhooks_total{outcome=\"delivered\"}"));
        }
    }

    private void end(Receiver receiver) {
        JobSnapshot job = Jobs.completed(Jobs.queued(id, Jobs.TIME, receiver.url()), 7);
        others.snapshot(job);
        others.webhook(job, EventType.COMPLETED);
        given().get("/v1/videos/" + id).then().body("status", equalTo("completed"));
    }
}
