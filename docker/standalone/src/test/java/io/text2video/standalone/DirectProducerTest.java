package io.text2video.standalone;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.text2video.common.event.CloudEvents;
import io.text2video.common.job.JobId;
import io.text2video.embedded.TopicRecords;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A program that knows nothing of this project but its topics. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(StandaloneFleetResource.class)
class DirectProducerTest {
    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    private record Call(HttpHeaders headers, String body) {}

    @Test
    void shouldServeARequestThatAnotherProgramPutOnTheTopic() throws Exception {
        // Given a receiver of webhooks, and the request that the docs show
        List<Call> calls = new CopyOnWriteArrayList<>();
        HttpServer receiver = receiver(calls);
        String id = JobId.next().toString();
        String request = DocsExamples.json("04-kafka.md")
                .get(0)
                .replaceFirst("\"id\": \"[^\"]+\"", "\"id\": \"" + id + "\"")
                .replace(
                        "https://example.com",
                        "http://127.0.0.1:" + receiver.getAddress().getPort());

        // When it is on the topic
        produce(id, request);

        // Then it is served exactly like an HTTP one: state, video, events, webhook
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> status(id).equals("completed"));
        given().get("/v1/videos/{id}", id)
                .then()
                .body("prompt", equalTo("a green ball moving right on a black background"))
                .body("seed", equalTo(3))
                .body("num_inference_steps", equalTo(12));
        byte[] mp4 = given().get("/v1/videos/{id}/content", id)
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        assertThat(DecodedVideo.of(mp4).frames()).hasSize(17);

        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> events(id).contains("video.completed"));
        assertThat(events(id))
                .startsWith("video.started")
                .endsWith("video.completed")
                .contains("video.progress");

        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> !calls.isEmpty());
        receiver.stop(0);
        Call call = calls.get(0);
        new com.standardwebhooks.Webhook(StandaloneFleetResource.WEBHOOK_SECRET).verify(call.body(), call.headers());
        JsonPath body = JsonPath.from(call.body());
        assertThat(body.getString("type")).isEqualTo("video.completed");
        assertThat(body.getString("data.id")).isEqualTo(id);
        assertThat(body.getString("data.status")).isEqualTo("completed");
    }

    @Test
    void shouldParkWhatIsNoRequestAndGoOn() throws Exception {
        // Given records that no worker can read, before one that it can
        produce("broken", "{\"id\": 17, \"prompt\"");
        String withoutPrompt = JobId.next().toString();
        produce(withoutPrompt, "{\"id\": \"%s\"}".formatted(withoutPrompt));
        String id = JobId.next().toString();

        // When the good one follows
        produce(
                id,
                "{\"id\": \"%s\", \"prompt\": \"a ball\", \"parameters\": {\"num_inference_steps\": 1}}".formatted(id));

        // Then it runs, and the others are dead-lettered with their reasons
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> status(id).equals("completed"));
        // In whichever order: each partition is read for itself.
        Awaitility.await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(reasons())
                .containsExactlyInAnyOrder("id must be a UUID", "prompt must not be blank"));
    }

    /** Why records were dead-lettered. */
    private List<String> reasons() {
        return TopicRecords.all(kafka, "video.dead-letters").stream()
                .map(record -> new String(
                        record.headers().lastHeader("dead-letter-reason").value(), UTF_8))
                .toList();
    }

    private static String status(String id) {
        return given().get("/v1/videos/{id}", id)
                .then()
                .statusCode(200)
                .extract()
                .path("status");
    }

    private static HttpServer receiver(List<Call> calls) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/done", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            calls.add(new Call(HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true), body));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private void produce(String key, String value) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", kafka, "acks", "all");
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("video.requests", key, value)).get();
        }
    }

    /** Types of the job's events, in their order: each once, and not that of no step, as a worker may repeat what it told. */
    private List<String> events(String id) {
        Map<String, String> types = new LinkedHashMap<>();
        for (var record : TopicRecords.of(kafka, "video.events", id)) {
            String event = CloudEvents.attribute(record.headers(), "id").orElseThrow();
            if (!event.endsWith(".video.progress.0")) {
                types.putIfAbsent(
                        event, CloudEvents.attribute(record.headers(), "type").orElseThrow());
            }
        }
        return List.copyOf(types.values());
    }
}
