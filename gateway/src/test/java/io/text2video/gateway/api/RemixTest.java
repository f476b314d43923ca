package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.InputReference;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.Priority;
import io.text2video.common.job.Tenant;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.job.Webhook;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.LoraScale;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.fleet.Announcements;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Images;
import io.text2video.gateway.fleet.OtherPrograms;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class RemixTest {
    @Inject
    Announcements workers;

    @Inject
    OtherPrograms others;

    @Inject
    S3Config s3;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @BeforeEach
    void announce() {
        workers.announce(Cards.COGVIDEOX_2B, Cards.COGVIDEOX_5B_I2V);
    }

    @AfterEach
    void forget() {
        workers.forgetAll();
    }

    @Test
    void shouldDrawAJobOnceMoreWithAnotherPrompt() throws Exception {
        JobSnapshot job = started();
        others.snapshot(job);

        String id = remix(job.id().toString(), "{\"prompt\":\"a blue ball\"}")
                .statusCode(202)
                .header("Location", not(nullValue()))
                .body("id", not(equalTo(job.id().toString())))
                .body("status", equalTo("queued"))
                .body("prompt", equalTo("a blue ball"))
                .body("remixed_from_video_id", equalTo(job.id().toString()))
                .body("seed", equalTo(42))
                .extract()
                .path("id");

        VideoRequest request = request(Cards.COGVIDEOX_2B.topic(), id);
        assertThat(request)
                .isEqualTo(new VideoRequest(
                        VideoRequest.VERSION,
                        JobId.parse(id),
                        job.model(),
                        "a blue ball",
                        job.parameters(),
                        null,
                        job.webhook(),
                        request.createdAt(),
                        job.user(),
                        job.metadata(),
                        job.id(),
                        job.tenant(),
                        job.priority(),
                        null));
        given().get("/v1/videos/" + id)
                .then()
                .body("remixed_from_video_id", equalTo(job.id().toString()));
    }

    @Test
    void shouldHaveTheNewPromptEnhancedWhereTheOldOneWas() throws Exception {
        // Given a job that is drawn in other words
        workers.announce(Cards.enhancing(Cards.COGVIDEOX_2B));
        JobSnapshot job = enhanced();
        others.snapshot(job);
        given().get("/v1/videos/" + job.id())
                .then()
                .body("enhance_prompt", equalTo(true))
                .body("enhanced_prompt", equalTo("A red ball rolls to the left."));

        // When it is wanted with another prompt
        String id = remix(job.id().toString(), "{\"prompt\":\"a blue ball\"}")
                .statusCode(202)
                .body("prompt", equalTo("a blue ball"))
                .body("enhance_prompt", equalTo(true))
                .body("enhanced_prompt", nullValue())
                .extract()
                .path("id");

        // Then its worker is to enhance that one
        VideoRequest request = request(Cards.COGVIDEOX_2B.topic(), id);
        assertThat(request.prompt()).isEqualTo("a blue ball");
        assertThat(request.parameters()).isEqualTo(job.parameters());
    }

    @Test
    void shouldTakeTheImageAlong() throws Exception {
        byte[] file = Images.image("png");
        String first = given().multiPart("input_reference", "ball.png", file)
                .multiPart("prompt", "a red ball")
                .multiPart("model", Cards.COGVIDEOX_5B_I2V.id())
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .extract()
                .path("id");

        String id = given().multiPart("prompt", "a blue ball")
                .post("/v1/videos/" + first + "/remix")
                .then()
                .statusCode(202)
                .extract()
                .path("id");

        // The first one's goes with it.
        String key = "inputs/" + id + ".png";
        assertThat(request(Cards.IMAGE.topic(), id).inputReference()).isEqualTo(new InputReference(key));
        try (var store = new ObjectStore(s3)) {
            assertThat(store.read(key)).hasValue(file);
        }
    }

    @Test
    void shouldMakeOneJobOfAllRemixesWithOneKey() {
        JobSnapshot job = started();
        JobSnapshot other = started();
        others.snapshot(job);
        others.snapshot(other);
        String key = UUID.randomUUID().toString();

        Response first = remix(key, job, "a blue ball");
        Response second = remix(key, job, "a blue ball");
        Response otherPrompt = remix(key, job, "a green ball");
        Response otherJob = remix(key, other, "a blue ball");

        first.then().statusCode(202).header("Idempotent-Replayed", nullValue());
        second.then().statusCode(202).header("Idempotent-Replayed", "true");
        assertThat(second.asString()).isEqualTo(first.asString());
        otherPrompt.then().statusCode(422).body("error.code", equalTo("idempotency_key_reused"));
        otherJob.then().statusCode(422).body("error.code", equalTo("idempotency_key_reused"));
    }

    @Test
    void shouldReplayARemixOfAJobThatIsGone() {
        JobSnapshot job = started();
        others.snapshot(job);
        String key = UUID.randomUUID().toString();
        String first = remix(key, job, "a blue ball").path("id");
        others.snapshot(job.cancelled(Instant.now()).deleted());

        remix(key, job, "a blue ball").then().statusCode(202).body("id", equalTo(first));
    }

    @Test
    void shouldWaitForTheEndOfARemix() {
        JobSnapshot job = started();
        others.snapshot(job);

        given().contentType(ContentType.JSON)
                .header("Prefer", "wait=1")
                .body("{\"prompt\":\"a blue ball\"}")
                .post("/v1/videos/" + job.id() + "/remix")
                .then()
                .statusCode(202)
                .header("Preference-Applied", "wait=1")
                .body("status", equalTo("queued"));
    }

    @Test
    void shouldRefuseARemixThatCannotBe() {
        JobSnapshot job = started();
        others.snapshot(job);
        String id = job.id().toString();

        remix(JobId.next().toString(), "{\"prompt\":\"a\"}")
                .statusCode(404)
                .body("error.code", equalTo("video_not_found"));
        remix(id, "{}").statusCode(400).body("error.param", equalTo("prompt"));
        remix(id, "{\"prompt\":\"a\",\"fps\":8}").statusCode(400).body("error.param", equalTo("fps"));
        remix(id, "a").statusCode(400).body("error.code", equalTo("invalid_json"));
        given().contentType("text/plain")
                .body("a")
                .post("/v1/videos/" + id + "/remix")
                .then()
                .statusCode(415);
    }

    private static JobSnapshot started() {
        var parameters = new VideoParameters(
                "blurry", 25, 2.0, true, 0.5, 0.15, 480, 720, 17, 8, 42L, List.of(new LoraScale("rain", 0.75)), null);
        var request = new VideoRequest(
                VideoRequest.VERSION,
                JobId.next(),
                Cards.COGVIDEOX_2B.id(),
                "a red ball",
                parameters,
                null,
                Webhook.of("https://example.com/hooks"),
                Instant.now(),
                "someone",
                Map.of("project", "spring"),
                null,
                new Tenant("acme"),
                Priority.HIGH,
                null);
        return JobSnapshot.queued(request, request.createdAt())
                .started(
                        new AttemptId(1, 1),
                        "worker-1",
                        request.model(),
                        parameters,
                        null,
                        null,
                        request.createdAt().plusSeconds(1));
    }

    private static JobSnapshot enhanced() {
        var parameters = new VideoParameters(
                null, 25, 2.0, null, null, null, 480, 720, 17, 8, 42L, null, null, true, null, null);
        var request = new VideoRequest(
                VideoRequest.VERSION,
                JobId.next(),
                Cards.COGVIDEOX_2B.id(),
                "a red ball",
                parameters,
                null,
                null,
                Instant.now());
        return JobSnapshot.queued(request, request.createdAt())
                .enhanced("A red ball rolls to the left.")
                .started(
                        new AttemptId(1, 1),
                        "worker-1",
                        request.model(),
                        parameters,
                        null,
                        null,
                        request.createdAt().plusSeconds(1));
    }

    private VideoRequest request(String topic, String id) throws Exception {
        var records = TopicRecords.of(broker, topic, id);
        assertThat(records).hasSize(1);
        return JsonCodec.read(records.get(0).value(), VideoRequest.class);
    }

    private static Response remix(String key, JobSnapshot job, String prompt) {
        return given().contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body("{\"prompt\":\"%s\"}".formatted(prompt))
                .post("/v1/videos/" + job.id() + "/remix");
    }

    private static ValidatableResponse remix(String id, String body) {
        return given().contentType(ContentType.JSON)
                .body(body)
                .post("/v1/videos/" + id + "/remix")
                .then();
    }
}
