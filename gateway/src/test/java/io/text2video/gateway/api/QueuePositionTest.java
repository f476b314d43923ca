package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.ModelCard;
import io.text2video.common.model.ModelCost;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.topic.Pool;
import io.text2video.gateway.fleet.Announcements;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.OtherPrograms;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A pool of its own, whose model takes a second a step. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class QueuePositionTest {
    private static final ModelCard MODEL =
            Cards.with(new ModelCost(226, 1, 0, 1, 0, 0, 0), Cards.like2b("second/a-step", new Pool("second-a-step")));

    @Inject
    Announcements workers;

    @Inject
    OtherPrograms others;

    @AfterEach
    void forget() {
        workers.forgetAll();
    }

    @Test
    void shouldTellWhereAJobIsInTheQueueAndWhenItIsExpectedToBegin() {
        workers.announce(MODEL);
        String first = submit(300);
        String second = submit(20);
        String third = submit(10);

        get(first).body("queue_position", equalTo(0)).body("estimated_start_at", nullValue());
        get(third).body("queue_position", equalTo(2)).body("estimated_seconds", equalTo(10f));

        // When a worker begins the first
        Instant begun = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        start(first, 300.0, begun);

        // Then the others follow each other
        get(first)
                .body("status", equalTo("in_progress"))
                .body("estimated_seconds", equalTo(300f))
                .body("queue_position", nullValue());
        get(second).body("queue_position", equalTo(0)).body("estimated_start_at", equalTo((int)
                begun.plusSeconds(300).getEpochSecond()));
        get(third).body("queue_position", equalTo(1)).body("estimated_start_at", equalTo((int)
                begun.plusSeconds(320).getEpochSecond()));
        given().get("/v1/videos?limit=100")
                .then()
                .body("data.find { it.id == '" + third + "' }.queue_position", equalTo(1));
    }

    @Test
    void shouldRefuseWhatWouldTakeTooLong() {
        workers.announce(Cards.with(new ModelCost(226, 1, 0, 60, 0, 0, 0), MODEL));

        given().contentType(ContentType.JSON)
                .body("{\"prompt\":\"a\",\"model\":\"second/a-step\",\"num_inference_steps\":121}")
                .post("/v1/videos")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("job_too_large"))
                .body("error.param", equalTo("num_inference_steps"))
                .body(
                        "error.message",
                        equalTo(
                                "121 steps of 49 frames of 720x480 would take about 2.0 h, but a job may take 2.0 h; with"
                                        + " all else as it is, this would fit: num_inference_steps 120"));
    }

    private static String submit(int steps) {
        return given().contentType(ContentType.JSON)
                .body("{\"prompt\":\"a\",\"model\":\"second/a-step\",\"num_inference_steps\":%d}".formatted(steps))
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .body("estimated_seconds", equalTo((float) steps))
                .extract()
                .path("id");
    }

    private void start(String id, double seconds, Instant at) {
        var request = new VideoRequest(
                VideoRequest.VERSION, JobId.parse(id), MODEL.id(), "a", VideoParameters.DEFAULTS, null, null, at);
        others.snapshot(JobSnapshot.queued(request, at)
                .started(new AttemptId(1, 1), "w", MODEL.id(), VideoParameters.DEFAULTS, null, seconds, at));
    }

    private static ValidatableResponse get(String id) {
        return given().get("/v1/videos/" + id).then().statusCode(200);
    }
}
