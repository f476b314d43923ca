package io.text2video.standalone;

import static io.restassured.RestAssured.given;
import static io.text2video.standalone.Sentence.Background.BLACK;
import static io.text2video.standalone.Sentence.Background.GRAY;
import static io.text2video.standalone.Sentence.Direction.DOWN;
import static io.text2video.standalone.Sentence.Direction.LEFT;
import static io.text2video.standalone.Sentence.Direction.RIGHT;
import static io.text2video.standalone.Sentence.Direction.UP;
import static io.text2video.standalone.Sentence.Paint.BLUE;
import static io.text2video.standalone.Sentence.Paint.GREEN;
import static io.text2video.standalone.Sentence.Paint.PURPLE;
import static io.text2video.standalone.Sentence.Paint.RED;
import static io.text2video.standalone.Sentence.Paint.WHITE;
import static io.text2video.standalone.Sentence.Paint.YELLOW;
import static io.text2video.standalone.Sentence.Shape.BALL;
import static io.text2video.standalone.Sentence.Shape.SQUARE;
import static io.text2video.standalone.Sentence.Shape.TRIANGLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole road with the real model: HTTP, Kafka, CogVideoX, MP4, S3, and back. */
@QuarkusTest
@QuarkusTestResource(StandaloneFleetResource.class)
class RoadTest {
    private static final List<Sentence> SENTENCES = List.of(
            new Sentence(RED, BALL, LEFT, BLACK),
            new Sentence(RED, SQUARE, RIGHT, GRAY),
            new Sentence(RED, TRIANGLE, UP, BLACK),
            new Sentence(GREEN, BALL, DOWN, BLACK),
            new Sentence(GREEN, SQUARE, LEFT, BLACK),
            new Sentence(BLUE, BALL, RIGHT, BLACK),
            new Sentence(BLUE, TRIANGLE, DOWN, GRAY),
            new Sentence(YELLOW, SQUARE, UP, GRAY),
            new Sentence(YELLOW, BALL, LEFT, GRAY),
            new Sentence(WHITE, TRIANGLE, RIGHT, BLACK),
            new Sentence(WHITE, BALL, UP, GRAY),
            new Sentence(PURPLE, SQUARE, DOWN, BLACK),
            new Sentence(PURPLE, BALL, UP, BLACK),
            new Sentence(BLUE, SQUARE, LEFT, GRAY));

    @Test
    void shouldDrawWhatThePromptsSay() throws Exception {
        // Given a job for each sentence, submitted together
        Map<String, Sentence> jobs = new LinkedHashMap<>();
        for (int seed = 0; seed < SENTENCES.size(); seed++) {
            Sentence sentence = SENTENCES.get(seed);
            jobs.put(submit(Map.of("prompt", sentence.prompt(), "seed", seed)), sentence);
        }

        for (var job : jobs.entrySet()) {
            // When it is done
            awaitStatus(job.getKey(), "completed");

            // Then the video shows what its sentence says
            byte[] mp4 = given().get("/v1/videos/{id}/content", job.getKey())
                    .then()
                    .statusCode(200)
                    .contentType("video/mp4")
                    .extract()
                    .asByteArray();
            VideoAssertions.assertShows(DecodedVideo.of(mp4), job.getValue());
        }
    }

    @Test
    void shouldTellEverythingAboutAFinishedJob() {
        String id = submit(Map.of("prompt", SENTENCES.get(0).prompt(), "num_inference_steps", 4));

        awaitStatus(id, "completed");

        given().get("/v1/videos/{id}", id)
                .then()
                .statusCode(200)
                .body("model", equalTo("cogvideox-tiny"))
                .body("progress", equalTo(100))
                .body("size", equalTo("64x64"))
                .body("num_inference_steps", equalTo(4))
                .body("num_frames", equalTo(17))
                .body("fps", equalTo(8))
                .body("attempt", equalTo(1))
                .body("seed", notNullValue())
                .body("completed_at", notNullValue())
                .body("timings.denoising", greaterThan(0f))
                .body("error", equalTo(null));
    }

    @Test
    void shouldRefuseWhatTheModelCannotDrawAndGoOn() {
        Awaitility.await("the model's announcement")
                .atMost(Duration.ofMinutes(4))
                .until(() -> given().get("/v1/models").path("data.id").equals(List.of("cogvideox-tiny")));

        assertRefused(Map.of("prompt", "a ball", "height", 100, "width", 64), "invalid_value", "100");
        assertRefused(Map.of("prompt", "a ball", "num_frames", 18), "invalid_value", "18");
        assertRefused(Map.of("prompt", "a ball", "size", "720x1280", "seconds", "4"), "job_too_large", "720x1280");
        assertRefused(Map.of("prompt", "a ball", "model", "no-such-model"), "unknown_model", "cogvideox-tiny");
        String good = submit(Map.of("prompt", "a ball", "num_inference_steps", 1, "model", "cogvideox-tiny"));

        awaitStatus(good, "completed");
    }

    @Test
    void shouldGiveTheSameVideoForTheSameSeed() {
        Map<String, Object> request = Map.of("prompt", SENTENCES.get(1).prompt(), "num_inference_steps", 3, "seed", 7);
        String first = submit(request);
        String second = submit(request);

        awaitStatus(first, "completed");
        awaitStatus(second, "completed");

        assertThat(content(first)).isEqualTo(content(second));
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/quick-start.md", "docs/03-http-api.md"})
    void shouldTakeWhatTheDocsPost(String file) throws Exception {
        List<String> bodies = DocsExamples.posted(file);

        assertThat(bodies).isNotEmpty();
        for (String body : bodies) {
            given().contentType(ContentType.JSON)
                    .body(body.replace("https://example.com", "http://127.0.0.1:9"))
                    .post("/v1/videos")
                    .then()
                    .statusCode(202);
        }
    }

    static String submit(Map<String, Object> request) {
        return given().contentType(ContentType.JSON)
                .body(request)
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    static void awaitStatus(String id, String status) {
        Awaitility.await(id + " " + status)
                .atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> status(id).equals(status));
    }

    private static String status(String id) {
        return given().get("/v1/videos/{id}", id)
                .then()
                .statusCode(200)
                .extract()
                .path("status");
    }

    private static void assertRefused(Map<String, Object> request, String code, String message) {
        given().contentType(ContentType.JSON)
                .body(request)
                .post("/v1/videos")
                .then()
                .statusCode(400)
                .body("error.code", equalTo(code))
                .body("error.message", containsString(message));
    }

    private static byte[] content(String id) {
        return given().get("/v1/videos/{id}/content", id)
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
    }
}
