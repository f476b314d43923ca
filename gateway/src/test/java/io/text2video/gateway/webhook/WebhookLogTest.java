package io.text2video.gateway.webhook;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.opentelemetry.context.Context;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.job.Webhook;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.topic.Topic;
import io.text2video.common.webhook.DeliveryStatus;
import io.text2video.common.webhook.WebhookAttempt;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.common.webhook.WebhookLog;
import io.text2video.embedded.FreePort;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.consumers.HandlerOutcome;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.Management;
import io.text2video.gateway.fleet.OtherPrograms;
import io.text2video.gateway.fleet.TopicTail;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class WebhookLogTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final byte[] KEY = "key".getBytes(UTF_8);

    @Inject
    OtherPrograms others;

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    @Inject
    WebhookAttempts attempts;

    @Inject
    WebhookDispatcher dispatcher;

    private final JobId id = JobId.next();
    private final String path = "/v1/videos/" + id + "/webhooks";

    @Test
    void shouldTellEachCallUntilTheJobIsDeleted() throws Exception {
        try (var receiver = new Receiver(500)) {
            end(receiver.url());
            awaitStatus("delivered");

            given().get(path)
                    .then()
                    .body("object", equalTo("list"))
                    .body("data", hasSize(1))
                    .body("data[0].id", equalTo(id + ".video.completed"))
                    .body("data[0].object", equalTo("webhook.delivery"))
                    .body("data[0].type", equalTo("video.completed"))
                    .body("data[0].status", equalTo("delivered"))
                    .body("data[0].created_at", equalTo((int)
                            Jobs.TIME.plusSeconds(4).getEpochSecond()))
                    .body("data[0].next_attempt_at", nullValue())
                    .body("data[0].attempts.status_code", equalTo(List.of(500, 204)))
                    .body("data[0].attempts[0].error", nullValue());

            // When
            given().delete("/v1/videos/" + id).then().statusCode(200);

            // Then
            given().get(path).then().statusCode(404).body("error.code", equalTo("video_not_found"));
            given().post(path + "/" + id + ".video.completed/redeliver").then().statusCode(404);
            assertThat(log()).last().satisfies(record -> assertThat(record.value())
                    .isNull());
        }
    }

    @Test
    void shouldTellInWordsWhyThereWasNoAnswer() throws Exception {
        end("http://127.0.0.1:" + FreePort.find() + "/");

        awaitStatus("failed");

        given().get(path)
                .then()
                .body("data[0].status", equalTo("failed"))
                .body("data[0].attempts", hasSize(4))
                .body("data[0].attempts[3].status_code", nullValue())
                .body("data[0].attempts[3].error", equalTo("no connection to its host"));
    }

    @Test
    void shouldShowAJobWithoutAWebhookNone() {
        others.snapshot(Jobs.completed(id, 7));

        given().get(path).then().statusCode(200).body("data", hasSize(0));
        given().get("/v1/videos/" + id).then().body("webhook_status", nullValue());
        given().get("/v1/videos/" + JobId.next() + "/webhooks").then().statusCode(404);
    }

    @Test
    void shouldShowThatAnEndIsStillToBeTold() {
        others.snapshot(completed("http://127.0.0.1:9/"));

        given().get(path)
                .then()
                .body("data[0].type", equalTo("video.completed"))
                .body("data[0].status", equalTo("pending"))
                .body("data[0].attempts", hasSize(0));
        given().get("/v1/videos/" + id).then().body("webhook_status", equalTo("pending"));
    }

    @Test
    void shouldCallAgainWhenAsked() throws Exception {
        try (var receiver = new Receiver(410)) {
            end(receiver.url());
            awaitStatus("failed");

            given().post(path + "/" + id + ".video.completed/redeliver")
                    .then()
                    .statusCode(202)
                    .body("id", equalTo(id + ".video.completed"))
                    .body("attempts", hasSize(1));

            awaitStatus("delivered");
            assertThat(receiver.calls).hasSize(2).allSatisfy(call -> assertThat(call.header("Webhook-id"))
                    .isEqualTo(id + ".video.completed"));
            given().get(path).then().body("data[0].attempts.status_code", equalTo(List.of(410, 204)));
            given().post(path + "/" + id + ".video.queued/redeliver")
                    .then()
                    .statusCode(404)
                    .body("error.code", equalTo("webhook_delivery_not_found"));
        }
    }

    @Test
    void shouldDropTriesThatWereStillToComeWhenAskedByHand() throws Exception {
        try (var receiver = new Receiver(500, 500, 500, 500)) {
            // Given a delivery that was asked for by hand
            end(receiver.url());
            awaitStatus("failed");
            given().post(path + "/" + id + ".video.completed/redeliver").then().statusCode(202);
            awaitStatus("delivered");

            // When a try of the first one comes
            WebhookDelivery first =
                    WebhookDelivery.first(completed(receiver.url())).again(Jobs.TIME);
            var outcome = dispatcher.handle(record(first, Instant.now()), () -> true);

            // Then it is finished, without a call
            assertThat(outcome.toCompletableFuture().join()).isEqualTo(HandlerOutcome.FINISHED);
            assertThat(receiver.calls).hasSize(5);
        }
    }

    @Test
    void shouldCallForNoMoreOfAJobWhoseReceiverIsGone() throws Exception {
        try (var receiver = new Receiver(410);
                var deadLetters = new TopicTail(kafka, Topic.DEAD_LETTERS)) {
            // Given a receiver that has answered 410 to the job's start
            var all = new Webhook(receiver.url(), List.of(WebhookEvent.values()), null);
            JobSnapshot queued = JobSnapshot.queued(
                    new VideoRequest(
                            VideoRequest.VERSION,
                            id,
                            "cogvideox-tiny",
                            "a red ball",
                            Jobs.PARAMETERS,
                            null,
                            all,
                            Jobs.TIME),
                    Jobs.TIME);
            JobSnapshot started = Jobs.started(queued);
            others.snapshot(started);
            given().get("/v1/videos/" + id).then().body("status", equalTo("in_progress"));
            others.webhook(started);
            assertThat(deadLetters.reasonFor(id)).isEqualTo("status 410");
            awaitStatus("failed");

            // When the job ends, and is deleted
            JobSnapshot end = Jobs.completed(queued, 7);
            others.snapshot(end);
            others.webhook(end);
            await().untilAsserted(
                            () -> given().get(path).then().body("data.status", equalTo(List.of("failed", "failed"))));
            given().delete("/v1/videos/" + id).then().statusCode(200);

            // Then it is not called for that
            assertThat(receiver.calls).hasSize(1);
            assertThat(TopicRecords.of(
                            kafka.get("bootstrap.servers").toString(), Topic.WEBHOOKS.topicName(), id.toString()))
                    .hasSize(2);
        }
    }

    @Test
    void shouldPauseAHostThatTakesNothingForDaysUntilItTakesACall() throws Exception {
        try (var receiver = Receiver.at("127.9.8.7")) {
            // Given a host that has taken nothing for three days
            failing("127.9.8.7", Instant.now().minus(DAY.multipliedBy(3)), Instant.now());

            // When a job ends, then its call waits, which is told
            JobSnapshot end = completed(receiver.url());
            others.snapshot(end);
            awaitStatus("paused");
            others.send(new ProducerRecord<>(
                    Topic.WEBHOOKS.topicName(), id.toString(), JsonCodec.write(due(end, Instant.now()))));
            given().get(path).then().body("data[0].status", equalTo("paused")).body("data[0].attempts", hasSize(0));
            assertThat(given().get(Management.url("/q/health/well")).asString()).contains("127.9.8.7", "called again");
            assertThat(given().get(Management.url("/q/metrics")).asString())
                    .containsPattern("text2video_webhook_hosts_paused [1-9]");
            assertThat(receiver.calls).isEmpty();

            // When somebody has it called by hand, then all is as before
            given().post(path + "/" + id + ".video.completed/redeliver").then().statusCode(202);
            awaitStatus("delivered");
            assertThat(receiver.calls).hasSize(1);
            assertThat(given().get(Management.url("/q/health/well")).asString()).doesNotContain("127.9.8.7");
        }
    }

    @Test
    void shouldLoseNothingThatWaitsForAPausedHost() throws Exception {
        try (var receiver = Receiver.at("127.9.8.6", 500)) {
            Instant now = Instant.now();
            failing("127.9.8.6", now.minus(DAY.multipliedBy(3)), now);
            JobSnapshot end = completed(receiver.url());
            others.snapshot(end);
            awaitStatus("paused");
            given().get(path).then().body("data[0].status", equalTo("paused"));
            WebhookDelivery delivery = due(end, now);

            // A look whether it is back is no try of the schedule's
            Result result =
                    attempts.call(delivery, () -> true, Context.root()).await().indefinitely();
            assertThat(result.delivery().tries()).isZero();
            assertThat(result.delivery().attempts()).hasSize(1);

            // A record that its topic would drop some day is written again
            assertThat(handle(delivery, now)).isInstanceOf(HandlerOutcome.NotBefore.class);
            assertThat(handle(delivery, now.minus(DAY.multipliedBy(2))))
                    .isInstanceOfSatisfying(HandlerOutcome.FollowedBy.class, outcome -> assertThat(outcome.next())
                            .singleElement()
                            .satisfies(again -> assertThat(again.topic()).isEqualTo(Topic.WEBHOOKS.topicName()))
                            .satisfies(again -> assertThat(again.value()).isEqualTo(JsonCodec.write(delivery))));

            // After a week it goes to the dead letters
            assertThat(handle(due(end, now.minus(DAY.multipliedBy(8))), now))
                    .isInstanceOfSatisfying(HandlerOutcome.FollowedBy.class, outcome -> assertThat(outcome.next())
                            .extracting(ProducerRecord::topic)
                            .containsExactly(Topic.WEBHOOK_LOG.topicName(), Topic.DEAD_LETTERS.topicName()));
        }
    }

    private HandlerOutcome handle(WebhookDelivery delivery, Instant written) throws Exception {
        return dispatcher
                .handle(record(delivery, written), () -> true)
                .toCompletableFuture()
                .join();
    }

    private static ConsumerRecord<byte[], byte[]> record(WebhookDelivery delivery, Instant written) {
        return new ConsumerRecord<>(
                Topic.WEBHOOKS.topicName(),
                0,
                7,
                written.toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                0,
                KEY,
                JsonCodec.write(delivery),
                new RecordHeaders(),
                Optional.empty());
    }

    private static WebhookDelivery due(JobSnapshot end, Instant due) {
        WebhookDelivery first = WebhookDelivery.first(end);
        return new WebhookDelivery(
                first.version(), first.id(), first.url(), null, first.type(), first.time(), 0, due, end, 0, List.of());
    }

    /** Calls of other jobs. */
    private void failing(String host, Instant... times) {
        for (Instant time : times) {
            WebhookDelivery delivery = WebhookDelivery.first(
                            Jobs.completed(Jobs.queued(JobId.next(), Jobs.TIME, "http://" + host), 7))
                    .called(new WebhookAttempt(time, 503, null, 7));
            var record = JobRecords.log(WebhookLog.of(delivery, host, DeliveryStatus.PENDING, time));
            others.send(new ProducerRecord<>(record.topic(), new String(record.key(), UTF_8), record.value()));
        }
    }

    private List<ConsumerRecord<String, byte[]>> log() {
        return TopicRecords.of(
                kafka.get("bootstrap.servers").toString(), Topic.WEBHOOK_LOG.topicName(), id + ".video.completed");
    }

    private void awaitStatus(String status) {
        await().untilAsserted(() -> given().get("/v1/videos/" + id).then().body("webhook_status", equalTo(status)));
    }

    private JobSnapshot completed(String url) {
        return Jobs.completed(Jobs.queued(id, Jobs.TIME, url), 7);
    }

    private void end(String url) {
        JobSnapshot job = completed(url);
        others.snapshot(job);
        given().get("/v1/videos/" + id).then().body("status", equalTo("completed"));
        others.webhook(job);
    }
}
