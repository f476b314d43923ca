package io.text2video.gateway.webhook;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.standardwebhooks.Webhook;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.event.EventType;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.OtherPrograms;
import io.text2video.gateway.fleet.TopicTail;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobProgress;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.Video;
import jakarta.inject.Inject;
import java.net.ServerSocket;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class WebhookTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    OtherPrograms others;

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    @Inject
    JobView view;

    @Inject
    WebhookSender sender;

    @Inject
    WebhookConfig config;

    private final JobId id = JobId.next();

    @Test
    void shouldTryAgainUntilTheReceiverTakesTheCall() throws Exception {
        try (var receiver = new Receiver(500, 500)) {
            end(receiver);

            await().until(() -> receiver.calls.size() == 3);
            for (Receiver.Call call : receiver.calls) {
                assertThat(call.header("Webhook-id")).isEqualTo(id + ".video.completed");
                new Webhook(GatewayFleetResource.WEBHOOK_SECRET).verify(call.body(), call.headers());
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
        try (var elsewhere = new Receiver();
                var receiver = Receiver.redirecting(elsewhere.url())) {
            end(receiver);

            // The second call is the next try: whoever follows a redirect has nothing to try again.
            await().until(() -> receiver.calls.size() == 2);
            assertThat(elsewhere.calls).isEmpty();
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
    void shouldDeadLetterADeliveryAfterItsLastTry() throws Exception {
        try (var receiver = new Receiver(500, 500, 500, 500);
                var deadLetters = new TopicTail(kafka, Topic.DEAD_LETTERS)) {
            end(receiver);

            assertThat(deadLetters.reasonFor(id)).isEqualTo("status 500 at the last of 4 tries");
            assertThat(receiver.calls).hasSize(4);
        }
    }

    @Test
    void shouldWaitForTheStateThatIsToldLast() throws Exception {
        var meters = new SimpleMeterRegistry();
        var attempts = new WebhookAttempts(view, sender, config, meters);
        try (var receiver = new Receiver()) {
            // Given a delivery of a job whose end is not shown yet
            others.snapshot(Jobs.started(Jobs.queued(id, Jobs.TIME, receiver.url())));
            given().get("/v1/videos/" + id).then().body("status", equalTo("in_progress"));
            JobSnapshot end = completed(receiver);
            var call = attempts.call(WebhookDelivery.first(end, EventType.COMPLETED), () -> true)
                    .subscribeAsCompletionStage();

            // When it is
            others.snapshot(end);

            // Then the first call is taken, of the job as it is shown
            call.get();
            assertThat(count(meters, "delivered")).isEqualTo(1);
            assertThat(dataOfFirstCall(receiver))
                    .isEqualTo(JSON.readTree(given().get("/v1/videos/" + id).asByteArray()));
        }
    }

    @Test
    void shouldCallForAJobThatWasDeletedInTheMeantime() throws Exception {
        try (var receiver = new Receiver()) {
            JobSnapshot job = completed(receiver);
            others.snapshot(job);
            others.snapshot(job.deleted());
            given().get("/v1/videos/" + id).then().statusCode(404);

            others.webhook(job, EventType.COMPLETED);

            assertThat(dataOfFirstCall(receiver))
                    .isEqualTo(JSON.readTree(JsonCodec.write(Video.of(new Job(job, JobProgress.NONE)))));
        }
    }

    @Test
    void shouldCallForAJobThatWasForgottenInTheMeantime() throws Exception {
        try (var receiver = new Receiver()) {
            JobSnapshot job = completed(receiver);
            given().get("/v1/videos/" + id).then().statusCode(404);

            others.webhook(job, EventType.COMPLETED);

            assertThat(dataOfFirstCall(receiver).get("status").asText()).isEqualTo("completed");
        }
    }

    @Test
    void shouldCallForAJobThatIsCancelledAndDeletedAtOnce() throws Exception {
        try (var receiver = new Receiver(500, 500)) {
            String accepted = given().contentType(ContentType.JSON)
                    .body("{\"prompt\":\"a red ball\",\"webhook\":{\"url\":\"%s\"}}".formatted(receiver.url()))
                    .post("/v1/videos")
                    .path("id");

            given().delete("/v1/videos/" + accepted).then().statusCode(200);
            given().delete("/v1/videos/" + accepted).then().statusCode(200);

            await().until(() -> receiver.calls.size() == 3);
            for (Receiver.Call call : receiver.calls) {
                JsonNode data = JSON.readTree(call.body()).get("data");
                assertThat(data.get("status").asText()).isEqualTo("cancelled");
                assertThat(data.get("prompt").asText()).isEqualTo("a red ball");
            }
        }
    }

    @Test
    void shouldDeadLetterADeliveryThatCarriesNoJobAndHasNone() throws Exception {
        try (var receiver = new Receiver();
                var deadLetters = new TopicTail(kafka, Topic.DEAD_LETTERS)) {
            var delivery = new WebhookDelivery(
                    WebhookDelivery.VERSION, id, receiver.url(), EventType.COMPLETED, Jobs.TIME, 0, Jobs.TIME, null);
            others.send(new ProducerRecord<>(Topic.WEBHOOKS.topicName(), id.toString(), JsonCodec.write(delivery)));

            assertThat(deadLetters.reasonFor(id)).isEqualTo("there is no such job");
            assertThat(receiver.calls).isEmpty();
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
        // Meters of its own: other tests' deliveries may still be counted by the application's.
        var meters = new SimpleMeterRegistry();
        var attempts = new WebhookAttempts(view, sender, config, meters);
        try (var receiver = new Receiver(500, 500, 410)) {
            WebhookDelivery delivery = WebhookDelivery.first(completed(receiver), EventType.COMPLETED);

            for (int i = 0; i < 4; i++) {
                attempts.call(delivery, () -> true).await().indefinitely();
            }

            assertThat(count(meters, "retried")).isEqualTo(2);
            assertThat(count(meters, "given_up")).isEqualTo(1);
            assertThat(count(meters, "delivered")).isEqualTo(1);
        }
    }

    @Test
    void shouldNotCallWhatIsAnotherGateways() throws Exception {
        var meters = new SimpleMeterRegistry();
        var attempts = new WebhookAttempts(view, sender, config, meters);
        try (var receiver = new Receiver()) {
            WebhookDelivery delivery = WebhookDelivery.first(completed(receiver), EventType.COMPLETED);

            Result result = attempts.call(delivery, () -> false).await().indefinitely();

            assertThat(result.kind()).isEqualTo(Result.Kind.NOT_TRIED);
            assertThat(receiver.calls).isEmpty();
            assertThat(meters.getMeters()).isEmpty();
        }
    }

    private static double count(MeterRegistry meters, String outcome) {
        return meters.get("text2video.webhooks")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private static JsonNode dataOfFirstCall(Receiver receiver) throws Exception {
        await().until(() -> !receiver.calls.isEmpty());
        return JSON.readTree(receiver.calls.get(0).body()).get("data");
    }

    private JobSnapshot completed(Receiver receiver) {
        return Jobs.completed(Jobs.queued(id, Jobs.TIME, receiver.url()), 7);
    }

    private void end(Receiver receiver) {
        JobSnapshot job = completed(receiver);
        others.snapshot(job);
        others.webhook(job, EventType.COMPLETED);
        given().get("/v1/videos/" + id).then().body("status", equalTo("completed"));
    }
}
