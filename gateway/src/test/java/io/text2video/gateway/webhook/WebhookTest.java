package io.text2video.gateway.webhook;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.standardwebhooks.Webhook;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.context.Context;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.embedded.TopicRecords;
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
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    PausedHosts paused;

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
            assertThat(body.get("data").get("webhook_status").asText()).isEqualTo("pending");
            assertThat(body.get("type").asText()).isEqualTo("video.completed");
            assertThat(body.get("timestamp").asText()).isEqualTo("2026-01-02T03:04:09Z");
            assertThat(withoutStatus(body.get("data"))).isEqualTo(withoutStatus(shown()));
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
        var attempts = new WebhookAttempts(view, sender, paused, config, new WebhookMeters(meters));
        try (var receiver = new Receiver()) {
            // Given a delivery of a job whose end is not shown yet
            others.snapshot(Jobs.started(Jobs.queued(id, Jobs.TIME, receiver.url())));
            given().get("/v1/videos/" + id).then().body("status", equalTo("in_progress"));
            JobSnapshot end = completed(receiver);
            var call = attempts.call(WebhookDelivery.first(end), () -> true, Context.root())
                    .subscribeAsCompletionStage();

            // When it is
            others.snapshot(end);

            // Then the first call is taken, of the job as it is shown
            call.get();
            assertThat(count(meters, "delivered")).isEqualTo(1);
            assertThat(withoutStatus(dataOfFirstCall(receiver))).isEqualTo(withoutStatus(shown()));
        }
    }

    @Test
    void shouldCallForAJobThatWasDeletedInTheMeantime() throws Exception {
        try (var receiver = new Receiver()) {
            JobSnapshot job = completed(receiver);
            others.snapshot(job);
            others.snapshot(job.deleted());
            given().get("/v1/videos/" + id).then().statusCode(404);

            others.webhook(job);

            assertThat(dataOfFirstCall(receiver))
                    .isEqualTo(JSON.readTree(JsonCodec.write(Video.of(new Job(job, JobProgress.NONE)))));
        }
    }

    @Test
    void shouldCallForAJobThatWasForgottenInTheMeantime() throws Exception {
        try (var receiver = new Receiver()) {
            JobSnapshot job = completed(receiver);
            given().get("/v1/videos/" + id).then().statusCode(404);

            others.webhook(job);

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
    void shouldCallForWhatIsAskedForSignedWithTheJobsOwnSecret() throws Exception {
        String secret = "whsec_" + Base64.getEncoder().encodeToString("known to one receiver only".getBytes(UTF_8));
        try (var receiver = new Receiver();
                var log = new LogTail()) {
            // Given
            String answer = given().contentType(ContentType.JSON)
                    .body(("{\"prompt\":\"a red ball\",\"webhook\":{\"url\":\"%s\",\"secret\":\"%s\","
                                    + "\"events\":[\"video.queued\",\"video.deleted\"]}}")
                            .formatted(receiver.url(), secret))
                    .post("/v1/videos")
                    .asString();
            String accepted = JSON.readTree(answer).get("id").asText();

            // When it is cancelled, and deleted
            String cancelled =
                    given().post("/v1/videos/" + accepted + "/cancel").asString();
            given().delete("/v1/videos/" + accepted).then().statusCode(200);

            // Then there are those calls
            await().until(() -> receiver.calls.size() == 2);
            Map<String, JsonNode> told = new HashMap<>();
            for (Receiver.Call call : receiver.calls) {
                new Webhook(secret).verify(call.body(), call.headers());
                JsonNode body = JSON.readTree(call.body());
                told.put(body.get("type").asText(), body.get("data"));
            }
            assertThat(told.get("video.queued").get("status").asText()).isEqualTo("queued");
            assertThat(told.get("video.queued").get("prompt").asText()).isEqualTo("a red ball");
            assertThat(told.get("video.deleted").get("status").asText()).isEqualTo("deleted");
            assertThat(told.get("video.deleted").get("prompt").isNull()).isTrue();

            // And nobody was shown the secret
            assertThat(List.of(answer, cancelled, log.text()))
                    .noneMatch(text -> text.contains(secret.substring("whsec_".length())));
            assertThat(log.text())
                    .contains("job accepted job=" + accepted, "job deleted job=" + accepted)
                    .doesNotContain("secret-token");
        }
    }

    @Test
    void shouldTellAStateThatIsNoEndAsItWas() throws Exception {
        try (var receiver = new Receiver()) {
            // Given a job that was over before its start could be told
            JobSnapshot started = Jobs.started(Jobs.queued(id, Jobs.TIME, receiver.url()));
            others.snapshot(completed(receiver));
            given().get("/v1/videos/" + id).then().body("status", equalTo("completed"));

            // When
            others.webhook(started);

            // Then
            assertThat(dataOfFirstCall(receiver).get("status").asText()).isEqualTo("in_progress");
        }
    }

    @Test
    void shouldDeadLetterADeliveryThatCarriesNoJobAndHasNone() throws Exception {
        try (var receiver = new Receiver();
                var deadLetters = new TopicTail(kafka, Topic.DEAD_LETTERS)) {
            var delivery = new WebhookDelivery(
                    WebhookDelivery.VERSION,
                    id,
                    receiver.url(),
                    null,
                    WebhookEvent.COMPLETED,
                    Jobs.TIME,
                    0,
                    Jobs.TIME,
                    null,
                    0,
                    null);
            others.send(new ProducerRecord<>(Topic.WEBHOOKS.topicName(), id.toString(), JsonCodec.write(delivery)));

            assertThat(deadLetters.reasonFor(id)).isEqualTo("there is no such job");
            assertThat(receiver.calls).isEmpty();
        }
    }

    @Test
    void shouldNotWaitForAThousandReceiversThatSayNothing() throws Exception {
        try (var silent = new ServerSocket(0, 4096);
                var receiver = new Receiver()) {
            // Given a thousand hosts, each with two calls to take, all of which come first
            Set<String> stuck = new HashSet<>();
            for (int i = 0; i < 2000; i++) {
                JobId other = JobId.next();
                stuck.add(other.toString());
                end(other, "http://127.1.%d.%d:%d/".formatted(i % 1000 / 250, i % 250 + 1, silent.getLocalPort()));
            }

            // When others end
            for (int i = 0; i < 100; i++) {
                end(JobId.next(), receiver.url());
            }

            // Then all of those are told of before a try of the thousand has ended
            await().atMost(Duration.ofMinutes(3)).until(() -> receiver.calls.size() == 100);
            assertThat(TopicRecords.all(kafka.get("bootstrap.servers").toString(), Topic.WEBHOOKS.topicName()))
                    .filteredOn(delivery -> stuck.contains(delivery.key()))
                    .hasSize(2000);
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith("OkHttp"))
                    .hasSizeLessThanOrEqualTo(WebhookSender.CALLS_AT_ONCE + 10);
        }
    }

    @Test
    void shouldCountWhatBecameOfDeliveries() throws Exception {
        // Meters of its own: other tests' deliveries may still be counted by the application's.
        var meters = new SimpleMeterRegistry();
        var attempts = new WebhookAttempts(view, sender, paused, config, new WebhookMeters(meters));
        try (var receiver = new Receiver(500, 500, 410)) {
            WebhookDelivery delivery = WebhookDelivery.first(completed(receiver));

            for (int i = 0; i < 4; i++) {
                attempts.call(delivery, () -> true, Context.root()).await().indefinitely();
            }

            assertThat(count(meters, "retried")).isEqualTo(2);
            assertThat(count(meters, "given_up")).isEqualTo(1);
            assertThat(count(meters, "delivered")).isEqualTo(1);
            assertThat(meters.get("text2video.webhook.call").timers())
                    .extracting(timer -> timer.getId().getTag("answer"), Timer::count)
                    .containsExactlyInAnyOrder(tuple("failed", 2L), tuple("refused", 1L), tuple("taken", 1L));
        }
    }

    @Test
    void shouldNotCallWhatIsAnotherGateways() throws Exception {
        var meters = new SimpleMeterRegistry();
        var attempts = new WebhookAttempts(view, sender, paused, config, new WebhookMeters(meters));
        try (var receiver = new Receiver()) {
            WebhookDelivery delivery = WebhookDelivery.first(completed(receiver));

            Result result =
                    attempts.call(delivery, () -> false, Context.root()).await().indefinitely();

            assertThat(result.kind()).isEqualTo(Result.Kind.NOT_TRIED);
            assertThat(receiver.calls).isEmpty();
            assertThat(meters.get("text2video.webhooks").counters())
                    .extracting(Counter::count)
                    .containsOnly(0.0);
            assertThat(meters.get("text2video.webhook.call").timers())
                    .extracting(Timer::count)
                    .containsOnly(0L);
        }
    }

    private static double count(MeterRegistry meters, String outcome) {
        return meters.get("text2video.webhooks")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private JsonNode shown() throws Exception {
        return JSON.readTree(given().get("/v1/videos/" + id).asByteArray());
    }

    /** How its calls stand changes with each. */
    private static JsonNode withoutStatus(JsonNode video) {
        return ((ObjectNode) video).without("webhook_status");
    }

    private static JsonNode dataOfFirstCall(Receiver receiver) throws Exception {
        await().until(() -> !receiver.calls.isEmpty());
        return JSON.readTree(receiver.calls.get(0).body()).get("data");
    }

    private JobSnapshot completed(Receiver receiver) {
        return Jobs.completed(Jobs.queued(id, Jobs.TIME, receiver.url()), 7);
    }

    /** One that is not in anybody's view: its delivery tells all. */
    private void end(JobId other, String url) {
        others.webhook(Jobs.completed(Jobs.queued(other, Jobs.TIME, url), 7));
    }

    private void end(Receiver receiver) {
        JobSnapshot job = completed(receiver);
        others.snapshot(job);
        others.webhook(job);
        given().get("/v1/videos/" + id).then().body("status", equalTo("completed"));
    }
}
