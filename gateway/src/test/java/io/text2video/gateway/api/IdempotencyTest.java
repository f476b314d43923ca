package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.arc.ClientProxy;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.MultiPartConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.Tenant;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.api.creation.CreateVideoRequest;
import io.text2video.gateway.api.creation.IdempotencyKey;
import io.text2video.gateway.api.creation.Sha256;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Images;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobProgress;
import io.text2video.gateway.jobs.Outlook;
import io.text2video.gateway.jobs.Video;
import io.text2video.gateway.storage.FirstAnswer;
import io.text2video.gateway.storage.FirstAnswers;
import io.text2video.gateway.storage.StoreAway;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One key, one job. Two gateways at once, and their restart, are tested with processes. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class IdempotencyTest {
    private static final String KEY = "Idempotency-Key";
    private static final String REPLAYED = "Idempotent-Replayed";

    @Inject
    FirstAnswers answers;

    @Inject
    S3Config s3;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private final String key = UUID.randomUUID().toString();
    private final String prompt = "a ball of " + key;

    @Test
    void shouldReplayTheFirstAnswerToTheSameRequest() {
        Response first = post(key, body());

        Response second = post(key, body());

        first.then().statusCode(202).header(REPLAYED, nullValue());
        second.then().statusCode(202).header(REPLAYED, "true").header("Location", first.header("Location"));
        assertThat(second.asString()).isEqualTo(first.asString());
        assertThat(requests()).isEqualTo(1);
    }

    @Test
    void shouldMakeAJobOfEachRequestWithoutAKey() {
        String first = json().body(body()).post("/v1/videos").path("id");
        String second = json().body(body()).post("/v1/videos").path("id");

        assertThat(second).isNotEqualTo(first);
        assertThat(requests()).isEqualTo(2);
    }

    @Test
    void shouldKnowARequestByWhatItSaysAndNotByItsBytes() {
        String first =
                post(key, "{\"prompt\":\"%s\",\"seed\":7}".formatted(prompt)).path("id");

        post(key, "{ \"seed\": 7, \"prompt\": \"%s\" }".formatted(prompt))
                .then()
                .statusCode(202)
                .header(REPLAYED, "true")
                .body("id", equalTo(first));
    }

    @Test
    void shouldKnowAFormByWhatItSaysThoughItsBoundaryIsAnother() throws Exception {
        byte[] image = Images.image("png");
        String first =
                form("first-boundary", image).then().statusCode(202).extract().path("id");

        form("second-boundary", image)
                .then()
                .statusCode(202)
                .header(REPLAYED, "true")
                .body("id", equalTo(first));

        form("third-boundary", Images.ofBytes(image.length + 1)).then().statusCode(422);
        assertThat(requests()).isEqualTo(1);
        try (var store = new ObjectStore(s3)) {
            assertThat(store.list("inputs/" + first)).hasSize(1);
        }
    }

    @Test
    void shouldRefuseAnotherRequestWithTheSameKey() {
        String first = post(key, body()).path("id");

        post(key, "{\"prompt\":\"%s\",\"seed\":1}".formatted(prompt))
                .then()
                .statusCode(422)
                .header(REPLAYED, nullValue())
                .body("error.code", equalTo("idempotency_key_reused"))
                .body("error.param", equalTo(KEY))
                .body("error.message", containsString(first));
        assertThat(requests()).isEqualTo(1);
    }

    @Test
    void shouldLeaveTheKeyFreeWhenTheRequestIsRefused() {
        post(key, "{\"prompt\":\"%s\",\"seed\":-2}".formatted(prompt)).then().statusCode(400);

        post(key, body()).then().statusCode(202).header(REPLAYED, nullValue());
    }

    @Test
    void shouldSayThatTheFirstRequestIsUnderWay() {
        // Given a gateway that has taken the key and not yet sent the request
        FirstAnswer taken = taken(Instant.now().plusSeconds(60));

        // When the request comes again
        Response again = post(key, body());

        // Then it is to wait, and nothing was sent
        again.then()
                .statusCode(409)
                .header("Retry-After", "1")
                .body("error.code", equalTo("idempotency_key_in_use"))
                .body("error.param", equalTo(KEY));
        given().get("/v1/videos/" + taken.jobs().get(0)).then().statusCode(404);
        assertThat(requests()).isZero();
    }

    @Test
    void shouldSendTheRequestOfAGatewayThatDiedBeforeItCould() {
        // Given a key that was taken a minute ago, for a job of which nobody has heard
        FirstAnswer taken = taken(Instant.now().minusSeconds(60));

        // When the request comes again
        Response again = post(key, body());

        // Then it is sent, as the job that the key was taken for
        again.then()
                .statusCode(202)
                .header(REPLAYED, nullValue())
                .body("id", equalTo(taken.videos().get(0).id()));
        given().get("/v1/videos/" + taken.jobs().get(0)).then().statusCode(200).body("prompt", equalTo(prompt));
        post(key, body()).then().statusCode(202).header(REPLAYED, "true");
        assertThat(requests()).isEqualTo(1);
    }

    @Test
    void shouldMakeNoNewJobWhenTheFirstIsDeleted() {
        String id = post(key, body()).path("id");
        given().delete("/v1/videos/" + id).then().statusCode(200);
        given().delete("/v1/videos/" + id).then().statusCode(200);
        given().get("/v1/videos/" + id).then().statusCode(404);

        post(key, body()).then().statusCode(202).header(REPLAYED, "true").body("id", equalTo(id));

        assertThat(requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "a\tb"})
    void shouldRefuseAKeyThatIsNone(String wrong) {
        expectRefusal(post(wrong, body()));
    }

    @Test
    void shouldRefuseAKeyThatIsTooLongAndTakeTheLongest() {
        expectRefusal(post("k".repeat(256), body()));
        post(key + "k".repeat(255 - key.length()), body()).then().statusCode(202);
    }

    @Test
    void shouldRefuseTwoKeys() {
        expectRefusal(json().header(KEY, key, key + "-2").body(body()).post("/v1/videos"));
    }

    @Test
    void shouldAnswer503ToAKeyWhileTheStoreIsAwayAndServeTheRest() throws Exception {
        FirstAnswers real = ClientProxy.unwrap(answers);
        QuarkusMock.installMockForType(StoreAway.answers(), FirstAnswers.class);

        post(key, body()).then().statusCode(503).body("error.code", equalTo("store_unavailable"));
        json().body(body()).post("/v1/videos").then().statusCode(202);

        QuarkusMock.installMockForType(real, FirstAnswers.class);
        post(key, body()).then().statusCode(202).header(REPLAYED, nullValue());
    }

    private void expectRefusal(Response refused) {
        refused.then()
                .statusCode(400)
                .body("error.code", equalTo("invalid_value"))
                .body("error.param", equalTo(KEY));
        assertThat(requests()).isZero();
    }

    /** Another gateway has taken the key for the request of {@link #body}, and that is all. */
    private FirstAnswer taken(Instant time) {
        var request = new VideoRequest(1, JobId.next(), null, prompt, null, null, null, time);
        Video video = Video.of(new Job(JobSnapshot.queued(request, time), JobProgress.NONE), Outlook.NONE);
        return answers.keep(new IdempotencyKey(key).name(Tenant.DEFAULT), new FirstAnswer(hash(), List.of(video), time))
                .await()
                .indefinitely();
    }

    /** What tells the request of {@link #body} from others. */
    private String hash() {
        try {
            return Sha256.of(JsonCodec.write(JsonCodec.read(body().getBytes(UTF_8), CreateVideoRequest.class)));
        } catch (InvalidMessageException e) {
            throw new IllegalStateException(e);
        }
    }

    private String body() {
        return "{\"prompt\":\"%s\"}".formatted(prompt);
    }

    private long requests() {
        return TopicRecords.all(broker, Topic.REQUESTS.topicName()).stream()
                .filter(record -> new String(record.value(), UTF_8).contains("\"prompt\":\"" + prompt + "\""))
                .count();
    }

    private Response form(String boundary, byte[] image) {
        return given().config(RestAssured.config()
                        .multiPartConfig(MultiPartConfig.multiPartConfig().defaultBoundary(boundary)))
                .header(KEY, key)
                .multiPart("prompt", prompt)
                .multiPart("input_reference", boundary + ".png", image, "image/png")
                .post("/v1/videos");
    }

    private static Response post(String key, String json) {
        return json().header(KEY, key).body(json).post("/v1/videos");
    }

    private static RequestSpecification json() {
        return given().contentType(ContentType.JSON);
    }
}
