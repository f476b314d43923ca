package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.job.JobId;
import io.text2video.gateway.fleet.Announcements;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.jobs.JobView;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class SubmitVideoTest {
    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    @Inject
    Announcements workers;

    @AfterEach
    void forget() {
        workers.forgetAll();
    }

    @Test
    void shouldAcceptAPromptAlone() {
        String id = submit("{\"prompt\":\"a red ball\"}");

        given().get("/v1/videos/" + id)
                .then()
                .statusCode(200)
                .body("id", equalTo(id))
                .body("object", equalTo("video"))
                .body("status", equalTo("queued"))
                .body("progress", equalTo(0))
                .body("prompt", equalTo("a red ball"))
                .body("$", hasKey("expires_at"))
                .body("expires_at", nullValue());
    }

    @Test
    void shouldKeepEveryField() {
        workers.announce(Cards.COGVIDEOX_2B);
        String body =
                """
                {"prompt":"a red ball","model":"THUDM/CogVideoX-2b","size":"720x480","seconds":"6","fps":8,
                 "negative_prompt":"blurry","num_inference_steps":50,"guidance_scale":6,"cache_threshold":0.15,"seed":42,
                 "webhook":{"url":"https://example.com/hooks?token=1"}}""";

        given().contentType(ContentType.JSON)
                .body(body)
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .body("model", equalTo("THUDM/CogVideoX-2b"))
                .body("size", equalTo("720x480"))
                .body("seconds", equalTo("6"))
                .body("num_frames", equalTo(49))
                .body("fps", equalTo(8))
                .body("negative_prompt", equalTo("blurry"))
                .body("num_inference_steps", equalTo(50))
                .body("guidance_scale", equalTo(6.0f))
                .body("cache_threshold", equalTo(0.15f))
                .body("seed", equalTo(42));
    }

    @Test
    void shouldCountTimestepsAsSteps() {
        workers.announce(Cards.COGVIDEOX_2B);

        given().contentType(ContentType.JSON)
                .body("{\"prompt\":\"a\",\"model\":\"THUDM/CogVideoX-2b\",\"timesteps\":[999,856,665,399]}")
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .body("timesteps", contains(999, 856, 665, 399));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[999,856,856]                           | timesteps           | must fall strictly, but 856 follows 856",
                "[999,856],'num_inference_steps':50      | num_inference_steps | must be left out beside timesteps, or be as many, 2, not 50",
                "[1000,856]                              | timesteps[0]        | must be less than or equal to 999, not 1000",
                "[5,-1]                                  | timesteps[1]        | must be greater than or equal to 0, not -1",
                "[999,null]                              | timesteps[1]        | must not be null",
                "[]                                      | timesteps           | size must be between 1 and 1000, not 0",
            })
    void shouldRefuseTimestepsThatAreNone(String timesteps, String param, String message) {
        given().contentType(ContentType.JSON)
                .body("{'prompt':'a','timesteps':%s}".formatted(timesteps).replace('\'', '"'))
                .post("/v1/videos")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("invalid_value"))
                .body("error.param", equalTo(param))
                .body("error.message", equalTo(param + " " + message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"enhance_prompt", "enhance_prompt_required"})
    void shouldHaveAPromptEnhancedOnlyWhereThereIsALanguageModel(String field) {
        String body = "{\"prompt\":\"a\",\"model\":\"THUDM/CogVideoX-2b\",\"%s\":true}".formatted(field);
        workers.announce(Cards.COGVIDEOX_2B);
        given().contentType(ContentType.JSON)
                .body(body)
                .post("/v1/videos")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("enhancement_not_configured"))
                .body("error.param", equalTo(field))
                .body(
                        "error.message",
                        equalTo(field + " cannot be served: the workers of THUDM/CogVideoX-2b have no language model"
                                + " (WORKER_ENHANCER_URL); leave it out"));

        workers.announce(Cards.enhancing(Cards.COGVIDEOX_2B));
        // Of a model that is known, a new card is read moments later.
        given().get("/v1/models").then().statusCode(200);
        given().contentType(ContentType.JSON)
                .body(body)
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .body("prompt", equalTo("a"))
                .body("enhance_prompt", equalTo(true))
                .body("enhanced_prompt", equalTo(null));
    }

    @ParameterizedTest
    @CsvSource({"6,,49", "6,8,49", "1,6,9", "3,6,21", "5,16,81"})
    void shouldTurnSecondsIntoFramesThatTheModelMakes(String seconds, Integer fps, int numFrames) {
        String body =
                "{\"prompt\":\"a\",\"seconds\":\"%s\"%s}".formatted(seconds, fps == null ? "" : ",\"fps\":" + fps);

        given().contentType(ContentType.JSON)
                .body(body)
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .body("num_frames", equalTo(numFrames));
    }

    @Test
    void shouldBeFoundOnEveryReplicaFromTheAnswerOn() {
        try (JobView replica = JobView.open(kafka, Duration.ofSeconds(60))) {
            for (int i = 0; i < 200; i++) {
                String id = submit("{\"prompt\":\"number %d\"}".formatted(i));

                assertThat(replica.find(JobId.parse(id)).await().indefinitely())
                        .as("job %d", i)
                        .isPresent();
            }
        }
    }

    private static String submit(String json) {
        return given().contentType(ContentType.JSON)
                .body(json)
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }
}
