package io.text2video.gateway.api.events;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.ModelCard;
import io.text2video.common.topic.Pool;
import io.text2video.gateway.api.events.EventClient.Event;
import io.text2video.gateway.fleet.Announcements;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.OtherPrograms;
import io.text2video.gateway.jobs.JobView;
import jakarta.inject.Inject;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
@Timeout(300)
class EventsTest {
    private static final ModelCard MODEL = Cards.like2b("of/events", new Pool("of-events"));

    @Inject
    OtherPrograms others;

    @Inject
    Announcements workers;

    @Inject
    JobView view;

    private final JobId id = JobId.next();
    private final String path = path(id);

    @AfterEach
    void forget() {
        workers.forgetAll();
    }

    @Test
    void shouldTellOfEachStageToTheEnd() throws Exception {
        JobSnapshot started = Jobs.started(id);
        others.snapshot(Jobs.queued(id));
        try (var client = EventClient.follow(path)) {
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(client.header("Cache-Control")).isEqualTo("no-store");
            assertStands(client.next(), "video.queued", "queued", null, null, null);

            others.snapshot(started);
            assertStands(client.next(), "video.started", "in_progress", "denoising", 0, null);

            others.event(VideoEvent.progress(started, 10, 25, Instant.now()));
            assertStands(client.next(), "video.progress", "in_progress", "denoising", 10, null);

            others.event(VideoEvent.progress(started, 10, 25, Instant.now()).withPreview(10, null));
            Event shown = client.next();
            assertStands(shown, "video.progress", "in_progress", "denoising", 10, null);
            assertThat(integer(shown, "preview_step")).isEqualTo(10);

            others.event(VideoEvent.progress(started, 25, 25, Instant.now()));
            assertStands(client.next(), "video.progress", "in_progress", "decoding", 25, null);

            others.event(VideoEvent.decoded(started, 25, 9, Instant.now()));
            assertStands(client.next(), "video.progress", "in_progress", "decoding", 25, 9);

            others.event(VideoEvent.decoded(started, 25, 17, Instant.now()));
            assertStands(client.next(), "video.progress", "in_progress", "upload", 25, 17);

            others.snapshot(Jobs.completed(id, 7));
            Event end = client.next();
            assertStands(end, "video.completed", "completed", null, null, null);
            assertThat(end.video().path("progress").asInt()).isEqualTo(100);
            assertThat(client.next()).isNull();
        }
    }

    @Test
    void shouldAnswerWithTheVideoThatGetAnswers() throws Exception {
        others.snapshot(Jobs.completed(id, 7));

        try (var client = EventClient.follow(path)) {
            assertThat(client.next().video())
                    .isEqualTo(new ObjectMapper()
                            .readTree(given().get("/v1/videos/" + id).asByteArray()));
            assertThat(client.next()).isNull();
        }
    }

    @Test
    void shouldTellWhyAJobFailed() throws Exception {
        others.snapshot(Jobs.started(id));
        try (var client = EventClient.follow(path)) {
            assertThat(client.next().name()).isEqualTo("video.started");

            var error = new JobError(ErrorCode.STORAGE_ERROR, "the store is full", null);
            others.snapshot(Jobs.started(id).failed(new AttemptId(1, 1), "worker-1", error, Jobs.TIME));

            Event end = client.next();
            assertThat(end.name()).isEqualTo("video.failed");
            assertThat(end.video().at("/error/code").asText()).isEqualTo("storage_error");
            assertThat(client.next()).isNull();
        }
    }

    @Test
    void shouldTellThatAJobIsQueuedAgain() throws Exception {
        others.snapshot(Jobs.started(id));
        try (var client = EventClient.follow(path)) {
            assertThat(client.next().name()).isEqualTo("video.started");

            others.snapshot(JobSnapshot.queued(
                    new VideoRequest(1, id, "cogvideox-tiny", "a red ball", Jobs.PARAMETERS, null, null, Jobs.TIME),
                    Jobs.TIME,
                    2));

            assertThat(client.next().name()).isEqualTo("video.queued");
        }
    }

    @Test
    void shouldTellThatAJobIsDeleted() throws Exception {
        others.snapshot(Jobs.started(id));
        try (var client = EventClient.follow(path)) {
            assertThat(client.next().name()).isEqualTo("video.started");

            others.forget(id);

            Event end = client.next();
            assertThat(end.name()).isEqualTo("video.deleted");
            assertThat(end.video().path("deleted").asBoolean()).isTrue();
            assertThat(client.next()).isNull();
        }
    }

    @Test
    void shouldTellHowAJobStandsToOneWhoComesAgain() throws Exception {
        // Given
        JobSnapshot started = Jobs.started(id);
        others.snapshot(started);
        String seen;
        try (var client = EventClient.follow(path)) {
            seen = client.next().id();
        }

        // When
        others.event(VideoEvent.progress(started, 10, 25, Instant.now()));
        others.snapshot(Jobs.completed(id, 7));

        // Then
        String end;
        try (var again = EventClient.follow(path, seen)) {
            Event event = again.next();
            while (event.name().equals("video.progress")) {
                event = again.next();
            }
            assertThat(event.name()).isEqualTo("video.completed");
            end = event.id();
        }
        // And one who has seen the end is told not to come again
        try (var again = EventClient.follow(path, end)) {
            assertThat(again.status()).isEqualTo(204);
        }
        try (var stranger = EventClient.follow(path, "17")) {
            assertThat(stranger.next().name()).isEqualTo("video.completed");
        }
    }

    @Test
    void shouldTellOfAPlaceInTheQueueThatOthersHaveLeft() throws Exception {
        workers.announce(MODEL);
        String first = submit();
        String second = submit();
        given().get("/v1/videos/" + second).then().body("queue_position", equalTo(1));
        try (var client = EventClient.follow(path(JobId.parse(second)))) {
            assertThat(client.next().video().path("queue_position").asInt()).isEqualTo(1);

            given().post("/v1/videos/" + first + "/cancel").then().statusCode(200);

            Event moved = client.next();
            assertThat(moved.name()).isEqualTo("video.queued");
            assertThat(moved.video().path("queue_position").asInt(-1)).isZero();
        }
    }

    @Test
    void shouldTellTheLatestAloneOfWhatHappenedBetweenTwoEvents() {
        JobSnapshot started = Jobs.started(id);
        others.snapshot(started);
        view.upToDate().await().indefinitely();
        var job = new OneJob(view, id);
        assertThat(job.next().orElseThrow().name()).isEqualTo("video.started");

        for (int step = 1; step <= 10; step++) {
            others.event(VideoEvent.progress(started, step, 25, Instant.now()));
            job.changed(id);
        }
        await().until(() -> view.known(id).orElseThrow().progress() == 40);

        assertThat(job.next().orElseThrow().data()).extracting("step").isEqualTo(10);
        job.changed(id);
        assertThat(job.next()).isEmpty();
    }

    @Test
    void shouldSayThatItIsThereWhileNothingHappens() throws Exception {
        others.snapshot(Jobs.started(id));
        try (var client = EventClient.follow(path)) {
            client.next();

            assertThat(client.nextLine()).isEqualTo(":heartbeat");
            assertThat(client.nextLine()).isEqualTo(":heartbeat");
        }
    }

    @Test
    void shouldRefuseWhatIsNoJob() {
        given().get(path)
                .then()
                .statusCode(404)
                .contentType(ContentType.JSON)
                .body("error.code", equalTo("video_not_found"));
        given().accept("text/event-stream")
                .get("/v1/videos/ball/events")
                .then()
                .statusCode(404)
                .contentType(ContentType.JSON)
                .body("error.code", equalTo("video_not_found"));
        given().accept(ContentType.JSON).get(path).then().statusCode(406).body("error.code", equalTo("not_acceptable"));
    }

    private static String path(JobId id) {
        return "/v1/videos/" + id + "/events";
    }

    private static String submit() {
        return given().contentType(ContentType.JSON)
                .body("{\"prompt\":\"a\",\"model\":\"of/events\"}")
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    private static void assertStands(
            Event event, String name, String status, String stage, Integer step, Integer decodedFrames) {
        assertThat(event.name()).isEqualTo(name);
        assertThat(event.id()).isNotEmpty();
        assertThat(event.video().path("status").asText()).isEqualTo(status);
        assertThat(event.video().path("stage").textValue()).isEqualTo(stage);
        assertThat(integer(event, "step")).isEqualTo(step);
        assertThat(integer(event, "decoded_frames")).isEqualTo(decodedFrames);
    }

    private static Integer integer(Event event, String field) {
        return event.video().path(field).isNull()
                ? null
                : (Integer) event.video().path(field).asInt();
    }
}
