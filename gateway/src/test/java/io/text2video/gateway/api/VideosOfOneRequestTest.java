package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.Tenant;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.api.creation.CreateVideoRequest;
import io.text2video.gateway.api.creation.IdempotencyKey;
import io.text2video.gateway.api.creation.Sha256;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.OtherPrograms;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobProgress;
import io.text2video.gateway.jobs.Outlook;
import io.text2video.gateway.jobs.Video;
import io.text2video.gateway.storage.FirstAnswer;
import io.text2video.gateway.storage.FirstAnswers;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code n}: several videos of one prompt. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class VideosOfOneRequestTest {
    private static final String KEY = "Idempotency-Key";

    @Inject
    FirstAnswers answers;

    @Inject
    OtherPrograms others;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private final String key = UUID.randomUUID().toString();
    private final String prompt = "a ball of " + key;

    @Test
    void shouldMakeSoManyJobsWhoseSeedsFollowEachOther() throws Exception {
        Response answer = post("\"n\":3,\"seed\":40");

        List<String> ids = answer.then()
                .statusCode(202)
                .header("Location", nullValue())
                .body("object", equalTo("list"))
                .body("has_more", equalTo(false))
                .body("data.object", equalTo(List.of("video", "video", "video")))
                .body("data.status", equalTo(List.of("queued", "queued", "queued")))
                .body("data.seed", equalTo(List.of(40, 41, 42)))
                .extract()
                .path("data.id");
        assertThat(answer.<String>path("first_id")).isEqualTo(ids.get(0));
        assertThat(answer.<String>path("last_id")).isEqualTo(ids.get(2));
        assertThat(requests()).extracting(request -> request.id().toString()).containsExactlyInAnyOrderElementsOf(ids);
        for (int i = 0; i < 3; i++) {
            given().get("/v1/videos/" + ids.get(i)).then().statusCode(200).body("seed", equalTo(40 + i));
        }
    }

    @Test
    void shouldHaveASeedDrawnForEachWithoutOne() throws Exception {
        post("\"n\":2,\"seed\":-1").then().statusCode(202);

        assertThat(requests())
                .hasSize(2)
                .extracting(request -> request.parameters().seed())
                .containsOnlyNulls();
    }

    @Test
    void shouldAnswerAVideoForOne() {
        post("\"n\":1")
                .then()
                .statusCode(202)
                .header("Location", startsWith("http"))
                .body("object", equalTo("video"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"n\":0                            | n",
                "\"n\":9                            | n",
                "\"n\":2,\"seed\":9223372036854775807 | seed",
            })
    void shouldRefuseWhatCannotBe(String fields, String param) throws Exception {
        post(fields).then().statusCode(400).body("error.param", equalTo(param));

        assertThat(requests()).isEmpty();
    }

    @Test
    void shouldReplayAllOfThem() throws Exception {
        Response first = keyed().post("/v1/videos");

        Response second = keyed().post("/v1/videos");

        first.then().statusCode(202).header("Idempotent-Replayed", nullValue());
        second.then().statusCode(202).header("Idempotent-Replayed", "true");
        assertThat(second.asString()).isEqualTo(first.asString());
        assertThat(requests()).hasSize(2);
    }

    @Test
    void shouldSendThoseThatAGatewayCouldNotSendBeforeItDied() throws Exception {
        // Given a key that was taken a minute ago for two jobs, of which one is on the broker
        Instant time = Instant.now().minusSeconds(60);
        List<VideoRequest> taken = Stream.generate(
                        () -> new VideoRequest(1, JobId.next(), null, prompt, null, null, null, time))
                .limit(2)
                .toList();
        String hash =
                Sha256.of(JsonCodec.write(JsonCodec.read(body("\"n\":2").getBytes(UTF_8), CreateVideoRequest.class)));
        answers.keep(
                        new IdempotencyKey(key).name(Tenant.DEFAULT),
                        new FirstAnswer(
                                hash,
                                taken.stream()
                                        .map(VideosOfOneRequestTest::video)
                                        .toList(),
                                time))
                .await()
                .indefinitely();
        others.request(
                new String(JsonCodec.write(taken.get(1)), UTF_8), taken.get(1).id());

        // When the request comes again
        Response again = keyed().post("/v1/videos");

        // Then the other is sent, and both are told of
        List<String> ids =
                taken.stream().map(request -> request.id().toString()).toList();
        again.then().statusCode(202).header("Idempotent-Replayed", nullValue()).body("data.id", equalTo(ids));
        assertThat(requests()).extracting(request -> request.id().toString()).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void shouldWaitForAllOfThem() {
        json("\"n\":2")
                .header("Prefer", "wait=1")
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .header("Preference-Applied", "wait=1")
                .body("data.status", equalTo(List.of("queued", "queued")));
    }

    private RequestSpecification keyed() {
        return json("\"n\":2").header(KEY, key);
    }

    private Response post(String fields) {
        return json(fields).post("/v1/videos");
    }

    private RequestSpecification json(String fields) {
        return given().contentType(ContentType.JSON).body(body(fields));
    }

    private String body(String fields) {
        return "{\"prompt\":\"%s\",%s}".formatted(prompt, fields);
    }

    private static Video video(VideoRequest request) {
        return Video.of(new Job(JobSnapshot.queued(request, request.createdAt()), JobProgress.NONE), Outlook.NONE);
    }

    private List<VideoRequest> requests() throws Exception {
        List<VideoRequest> found = new ArrayList<>();
        for (var record : TopicRecords.all(broker, Topic.REQUESTS.topicName())) {
            if (new String(record.value(), UTF_8).contains("\"prompt\":\"" + prompt + "\"")) {
                found.add(JsonCodec.read(record.value(), VideoRequest.class));
            }
        }
        return found;
    }
}
