package io.text2video.gateway.app;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.text2video.common.job.JobId;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.fleet.Announcements;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.Management;
import io.text2video.gateway.fleet.OtherPrograms;
import io.text2video.gateway.fleet.RestartedBroker;
import io.text2video.gateway.webhook.Receiver;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A gateway whose broker goes away and comes back, with everything that it has. */
@Tag("slow")
@Tag("waits")
@QuarkusTest
@QuarkusTestResource(value = RestartedBroker.class, restrictToAnnotatedClass = true)
class BrokerRestartTest {
    private static final String REFUSED = "a ball that nobody waits for";
    private static final String BODY = "{\"prompt\":\"a red ball\"}";

    /** More than the gateway keeps waiting: 1024, and those that its producer has. */
    private static final int FLOOD = 1_500;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration BACK = Duration.ofMinutes(2);

    @Inject
    OtherPrograms others;

    @Inject
    Announcements workers;

    @Test
    void shouldRefuseWhileTheBrokerIsAwayLoseNothingAndComeBackByItself() throws Exception {
        // Given jobs that were accepted, for a model that is known
        workers.announce(Cards.COGVIDEOX_2B);
        await().until(() -> given().get("/v1/models").asString().contains(Cards.COGVIDEOX_2B.id()));
        List<String> accepted = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            accepted.add(await().until(() -> submit(), answer -> answer.statusCode() == 202)
                    .path("id"));
        }
        JobId running = JobId.next();
        others.snapshot(Jobs.started(running));
        given().get("/v1/videos/" + running).then().statusCode(200);

        // When more come at once than can wait, the broker goes, and more still come
        List<CompletableFuture<HttpResponse<String>>> before = flood("a ball of the flood");
        CompletableFuture.anyOf(before.toArray(CompletableFuture[]::new)).join();
        RestartedBroker.away();
        List<CompletableFuture<HttpResponse<String>>> after = flood(REFUSED);

        // Then what is known is shown beside them, each is accepted or asked to come again, and none is once the broker
        // is gone
        given().get("/v1/videos/" + running).then().statusCode(200).body("status", equalTo("in_progress"));
        for (HttpResponse<String> answer : joined(before)) {
            if (answer.statusCode() == 202) {
                accepted.add(JSON.readTree(answer.body()).path("id").asText());
            } else {
                assertIsToComeAgain(answer);
            }
        }
        for (HttpResponse<String> answer : joined(after)) {
            assertIsToComeAgain(answer);
        }
        given().delete("/v1/videos/" + running).then().statusCode(503).header("Retry-After", "5");
        given().get("/v1/videos/" + running).then().statusCode(200).body("status", equalTo("in_progress"));
        given().get(Management.url("/q/health/live")).then().statusCode(200);
        given().get(Management.url("/q/health/ready")).then().statusCode(200);

        // And when it is back, so is the gateway: submission, view, control and webhooks
        RestartedBroker.restart();
        accepted.add(await("submission")
                .atMost(BACK)
                .until(() -> submit(), answer -> answer.statusCode() == 202)
                .path("id"));
        await("readiness")
                .atMost(BACK)
                .until(() -> given().get(Management.url("/q/health/ready")).statusCode() == 200);
        others.send(cancel(running));
        await("control")
                .atMost(BACK)
                .untilAsserted(() -> given().get("/v1/videos/" + running).then().body("status", equalTo("cancelled")));
        try (var receiver = new Receiver()) {
            JobId ended = JobId.next();
            var queued = Jobs.queued(ended, Jobs.TIME, receiver.url());
            for (var record : JobRecords.end(Jobs.completed(queued, 7))) {
                others.send(new ProducerRecord<>(record.topic(), new String(record.key(), UTF_8), record.value()));
            }
            await("webhooks").atMost(BACK).until(() -> !receiver.calls.isEmpty());
        }

        // And every job that was accepted is on the topic, and none that was refused
        var requests = TopicRecords.all(RestartedBroker.bootstrapServers(), Topic.REQUESTS.topicName());
        assertThat(requests)
                .extracting(ConsumerRecord::key)
                .containsAll(accepted)
                .doesNotHaveDuplicates();
        assertThat(requests)
                .extracting(record -> new String(record.value(), UTF_8))
                .noneMatch(request -> request.contains(REFUSED));
        given().get(Management.url("/q/health/live")).then().statusCode(200);
    }

    /** All at once. */
    private static List<CompletableFuture<HttpResponse<String>>> flood(String prompt) {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/v1/videos"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"%s\"}".formatted(prompt)))
                .build();
        return Stream.generate(() -> client.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                .limit(FLOOD)
                .toList();
    }

    private static List<HttpResponse<String>> joined(List<CompletableFuture<HttpResponse<String>>> answers) {
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private static void assertIsToComeAgain(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
        JsonNode error = JSON.readTree(answer.body()).path("error");
        assertThat(error.fieldNames()).toIterable().containsOnly("message", "type", "param", "code");
        assertThat(error.path("code").asText()).isEqualTo("broker_unavailable");
    }

    private static Response submit() {
        return given().contentType(ContentType.JSON).body(BODY).post("/v1/videos");
    }

    private static ProducerRecord<String, byte[]> cancel(JobId id) {
        var record = JobRecords.cancel(id, Instant.now());
        return new ProducerRecord<>(record.topic(), id.toString(), record.value());
    }
}
