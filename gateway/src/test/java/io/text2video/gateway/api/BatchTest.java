package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.text2video.common.job.BatchId;
import io.text2video.common.job.JobId;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.fleet.Announcements;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.OtherPrograms;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many requests at once. {@code -Dtest.batch-lines=10000} tries the largest batch. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class BatchTest {
    private static final String PATH = "/v1/videos/batches";
    private static final String KEY = "Idempotency-Key";
    private static final Duration HANGS = Duration.ofMinutes(3);
    private static final int LINES = Integer.getInteger("test.batch-lines", 300);

    @Inject
    Announcements workers;

    @Inject
    OtherPrograms others;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private final String prompt = "a ball of " + UUID.randomUUID();

    @AfterEach
    void forget() {
        workers.forgetAll();
    }

    @Test
    void shouldMakeAJobOfEachLine() {
        JsonPath accepted = post(lines(3))
                .then()
                .statusCode(202)
                .header("Location", containsString(PATH))
                .body("id", endsWith("0000"))
                .body("object", equalTo("video.batch"))
                .body("status", equalTo("in_progress"))
                .body("request_counts.total", equalTo(3))
                .body("request_counts.queued", equalTo(3))
                .extract()
                .jsonPath();

        BatchId id = BatchId.parse(accepted.getString("id"));
        List<String> jobs = IntStream.rangeClosed(1, 3)
                .mapToObj(line -> id.job(line).toString())
                .toList();
        awaitSubmitted(id, 3);
        given().get("/v1/videos?order=asc&batch=" + id)
                .then()
                .statusCode(200)
                .body("data.id", equalTo(jobs))
                .body("data.prompt", equalTo(List.of(prompt + " 1", prompt + " 2", prompt + " 3")));

        // And tells how they stand
        others.snapshot(Jobs.completed(id.job(1), 7));
        others.snapshot(Jobs.started(id.job(2)));
        given().get(PATH + "/" + id)
                .then()
                .statusCode(200)
                .body("status", equalTo("in_progress"))
                .body("created_at", equalTo(accepted.getInt("created_at")))
                .body("request_counts.queued", equalTo(1))
                .body("request_counts.in_progress", equalTo(1))
                .body("request_counts.completed", equalTo(1));
        others.snapshot(Jobs.completed(id.job(2), 7));
        others.snapshot(Jobs.completed(id.job(3), 7));
        given().get(PATH + "/" + id)
                .then()
                .body("status", equalTo("completed"))
                .body("request_counts.completed", equalTo(3));
    }

    @Test
    void shouldTakeALargeOne() {
        String id = post(lines(LINES)).then().statusCode(202).extract().path("id");

        awaitSubmitted(BatchId.parse(id), LINES);
        given().get(PATH + "/" + id).then().body("request_counts.queued", equalTo(LINES));
        cancel(id);
    }

    @Test
    void shouldTakeAFormsFile() {
        String id = given().multiPart("file", "prompts.jsonl", lines(2).getBytes(UTF_8), "application/jsonl")
                .post(PATH)
                .then()
                .statusCode(202)
                .body("request_counts.total", equalTo(2))
                .extract()
                .path("id");

        awaitSubmitted(BatchId.parse(id), 2);
    }

    @Test
    void shouldSayOfEachLineWhatIsWrongAndAcceptNothing() {
        String batch = String.join(
                "\n",
                line(1),
                "{\"prompt\":\"%s\"".formatted(prompt),
                "",
                "{\"prompt\":\"%s\",\"seeed\":7}".formatted(prompt),
                "{\"prompt\":\"%s\",\"n\":2}".formatted(prompt),
                "{\"prompt\":\"%s\",\"input_reference\":\"data:image/png;base64,aaaa\"}".formatted(prompt),
                "{\"prompt\":\"%s\",\"input_reference\":{\"key\":\"inputs/none.png\"}}".formatted(prompt),
                "{\"prompt\":\"%s\",\"seed\":-2}\r".formatted(prompt),
                "[1]");

        post(batch)
                .then()
                .statusCode(400)
                .body("error.code", equalTo("invalid_batch"))
                .body("error.type", equalTo("invalid_request_error"))
                .body("error.message", containsString("8 lines are wrong"))
                .body("errors.object", equalTo("list"))
                .body("errors.data.line", equalTo(List.of(2, 3, 4, 5, 6, 7, 8, 9)))
                .body("errors.data[0].code", equalTo("invalid_json"))
                .body("errors.data[1].message", containsString("is empty"))
                .body("errors.data[2].param", equalTo("seeed"))
                .body("errors.data[3].param", equalTo("n"))
                .body("errors.data[4].param", equalTo("input_reference"))
                .body("errors.data[5].message", containsString("no such object"))
                .body("errors.data[6].param", equalTo("seed"))
                .body("errors.data[7].code", equalTo("invalid_json"));

        assertThat(submitted()).isZero();
    }

    @Test
    void shouldHaveThoseLinesEnhancedThatAskForIt() {
        String batch = enhanced(1) + "\n" + line(2);
        workers.announce(Cards.COGVIDEOX_2B);
        post(batch)
                .then()
                .statusCode(400)
                .body("errors.data.line", equalTo(List.of(1)))
                .body("errors.data[0].param", equalTo("enhance_prompt"))
                .body("errors.data[0].code", equalTo("enhancement_not_configured"));

        // When the workers have a language model
        workers.announce(Cards.enhancing(Cards.COGVIDEOX_2B));
        String id = post(batch).then().statusCode(202).extract().path("id");

        // Then each line is as it was sent
        awaitSubmitted(BatchId.parse(id), 2);
        given().get("/v1/videos?order=asc&batch=" + id)
                .then()
                .body("data[0].enhance_prompt", equalTo(true))
                .body("data[1].enhance_prompt", nullValue());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10_001})
    void shouldRefuseABatchOfNoLineOrTooMany(int lines) {
        post("{\"prompt\":\"a\"}\n".repeat(lines)).then().statusCode(400).body("error.code", equalTo("invalid_batch"));
    }

    @ParameterizedTest
    @CsvSource({"application/json", "text/plain"})
    void shouldRefuseWhatIsNoFileOfLines(String type) {
        given().contentType(type)
                .body(lines(1))
                .post(PATH)
                .then()
                .statusCode(415)
                .body("error.message", containsString("application/jsonl"));
    }

    @Test
    void shouldMakeOneBatchOfAllWithOneKey() {
        String key = UUID.randomUUID().toString();
        Response first = jsonl(lines(3)).header(KEY, key).post(PATH);
        String id = first.path("id");
        awaitSubmitted(BatchId.parse(id), 3);

        Response second = jsonl(lines(3)).header(KEY, key).post(PATH);
        Response other = jsonl(lines(2)).header(KEY, key).post(PATH);

        first.then().statusCode(202).header("Idempotent-Replayed", nullValue());
        second.then().statusCode(202).header("Idempotent-Replayed", "true").body("id", equalTo(id));
        other.then()
                .statusCode(422)
                .body("error.code", equalTo("idempotency_key_reused"))
                .body("error.message", containsString(id));
        assertThat(submitted()).isEqualTo(3);
    }

    @Test
    void shouldCancelABatch() {
        String id = post(lines(3)).then().statusCode(202).extract().path("id");
        BatchId batch = BatchId.parse(id);
        awaitSubmitted(batch, 3);
        others.snapshot(Jobs.completed(batch.job(2), 7));

        cancel(id);

        given().get(PATH + "/" + id)
                .then()
                .body("request_counts.completed", equalTo(1))
                .body("request_counts.cancelled", equalTo(2));
        given().get("/v1/videos/" + batch.job(1)).then().body("status", equalTo("cancelled"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d0000", "019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d0001", "x"})
    void shouldKnowNoOtherBatch(String id) {
        given().get(PATH + "/" + id).then().statusCode(404).body("error.code", equalTo("batch_not_found"));
        given().post(PATH + "/" + id + "/cancel").then().statusCode(404);
    }

    @Test
    void shouldRefuseToListWhatIsNoBatch() {
        given().get("/v1/videos?batch=" + JobId.next().toString().replaceAll("....$", "0001"))
                .then()
                .statusCode(400)
                .body("error.param", equalTo("batch"));
    }

    private static void cancel(String id) {
        given().post(PATH + "/" + id + "/cancel").then().statusCode(200);
        await().atMost(HANGS).until(() -> given().get(PATH + "/" + id).path("status"), equalTo("cancelled"));
    }

    private void awaitSubmitted(BatchId id, int lines) {
        await().atMost(HANGS)
                .untilAsserted(
                        () -> given().get("/v1/videos/" + id.job(lines)).then().statusCode(200));
        await().atMost(HANGS).until(this::submitted, equalTo((long) lines));
    }

    private long submitted() {
        return TopicRecords.all(broker, Topic.REQUESTS.topicName()).stream()
                .filter(record -> new String(record.value(), UTF_8).contains("\"prompt\":\"" + prompt))
                .count();
    }

    private String lines(int number) {
        return IntStream.rangeClosed(1, number).mapToObj(this::line).collect(Collectors.joining("\n", "", "\n"));
    }

    private String line(int number) {
        return "{\"prompt\":\"%s %d\"}".formatted(prompt, number);
    }

    private String enhanced(int number) {
        return "{\"prompt\":\"%s %d\",\"enhance_prompt\":true}".formatted(prompt, number);
    }

    private static Response post(String batch) {
        return jsonl(batch).post(PATH);
    }

    private static RequestSpecification jsonl(String batch) {
        return given().contentType("application/jsonl").body(batch.getBytes(UTF_8));
    }
}
