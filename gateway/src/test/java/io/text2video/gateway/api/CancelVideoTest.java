package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.arc.ClientProxy;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.text2video.common.event.EventType;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.JobFolders;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import io.text2video.common.topic.Topic;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Images;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.OtherPrograms;
import io.text2video.gateway.storage.StoreAway;
import io.text2video.gateway.storage.StoredEnds;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class CancelVideoTest {
    @Inject
    OtherPrograms others;

    @Inject
    S3Config s3;

    @Inject
    StoredEnds ends;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private final JobId id = JobId.next();
    private ObjectStore store;
    private JobFolders folders;

    @BeforeEach
    void open() {
        store = new ObjectStore(s3);
        folders = new JobFolders(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void shouldCancelAQueuedJobAndShowItSo() throws Exception {
        // Given a job that nobody has begun
        String queued = given().contentType(ContentType.JSON)
                .body("{\"prompt\":\"a red ball\",\"webhook\":{\"url\":\"http://127.0.0.1:1/\"}}")
                .post("/v1/videos")
                .path("id");
        JobId job = JobId.parse(queued);

        // When it is deleted
        given().delete("/v1/videos/" + queued)
                .then()
                .statusCode(200)
                .body("id", equalTo(queued))
                .body("object", equalTo("video.deleted"))
                .body("deleted", equalTo(true));

        // Then it is there, as cancelled, and its folder says so to whoever gets its request
        given().get("/v1/videos/" + queued).then().statusCode(200).body("status", equalTo("cancelled"));
        JobSnapshot end = folders.end(job).orElseThrow();
        assertThat(end.status()).isEqualTo(JobStatus.CANCELLED);

        // And everybody was told, the workers too
        assertThat(read(Topic.JOBS, job, JobSnapshot.class)).containsExactly(end);
        assertThat(read(Topic.EVENTS, job, VideoEvent.class)).containsExactly(VideoEvent.of(end));
        assertThat(read(Topic.WEBHOOKS, job, WebhookDelivery.class)).contains(WebhookDelivery.first(end));
        assertThat(TopicRecords.of(broker, Topic.CONTROL.topicName(), queued)).hasSize(1);
    }

    @Test
    void shouldBeCancelledOnceHoweverOftenItIsAskedFor() throws Exception {
        // Given a job that runs
        others.snapshot(Jobs.started(id));

        // When it is cancelled twice
        String first = given().post("/v1/videos/" + id + "/cancel").asString();
        String second = given().post("/v1/videos/" + id + "/cancel").asString();

        // Then the second time changes nothing
        assertThat(first).contains("\"cancelled\"").isEqualTo(second);
        assertThat(given().get("/v1/videos/" + id).asString()).isEqualTo(first);
        assertThat(read(Topic.EVENTS, id, VideoEvent.class)).hasSize(1);
    }

    @Test
    void shouldLeaveAFinishedVideoWhenItIsCancelled() throws Exception {
        complete();

        given().post("/v1/videos/" + id + "/cancel").then().statusCode(200).body("status", equalTo("completed"));

        assertThat(folders.look(id).keys()).hasSize(3);
    }

    @Test
    void shouldRemoveAFinishedVideoWhenItIsDeleted() throws Exception {
        // Given a video, its poster and the image that it started from
        complete();
        store.put(ObjectKeys.input(id, "png"), Images.image("png"), "image/png");

        // When it is deleted
        given().delete("/v1/videos/" + id).then().statusCode(200).body("deleted", equalTo(true));

        // Then there is no such video, and no object but the mark for a request that may be on its way
        given().get("/v1/videos/" + id).then().statusCode(404);
        given().get("/v1/videos/" + id + "/content").then().statusCode(404);
        given().delete("/v1/videos/" + id).then().statusCode(404);
        assertThat(folders.look(id).keys()).containsExactly(ObjectKeys.result(id));
        assertThat(folders.end(id)).map(JobSnapshot::status).contains(JobStatus.DELETED);
        assertThat(folders.end(id)).map(JobSnapshot::prompt).isEmpty();
        assertThat(store.size(ObjectKeys.input(id, "png"))).isEmpty();
    }

    @Test
    void shouldRemoveAJobThatWasCompletedBeforeItCouldBeCancelled() throws Exception {
        // Given a job whose worker has committed its end, and not said so yet
        others.snapshot(Jobs.started(id));
        folders.end(storeVideo());

        // When it is deleted
        given().delete("/v1/videos/" + id).then().statusCode(200);

        // Then it was finished, and is removed
        given().get("/v1/videos/" + id).then().statusCode(404);
        assertThat(folders.look(id).keys()).containsExactly(ObjectKeys.result(id));
        assertThat(read(Topic.EVENTS, id, VideoEvent.class))
                .extracting(VideoEvent::type)
                .containsExactly(EventType.COMPLETED);
    }

    @Test
    void shouldTellHowAJobEndedThatWasCompletedBeforeItCouldBeCancelled() throws Exception {
        others.snapshot(Jobs.started(id));
        folders.end(storeVideo());

        given().post("/v1/videos/" + id + "/cancel").then().statusCode(200).body("status", equalTo("completed"));

        given().get("/v1/videos/" + id).then().body("status", equalTo("completed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f", "no-id", "..%2F..%2Fother"})
    void shouldKnowNoSuchJob(String unknown) {
        given().urlEncodingEnabled(false).delete("/v1/videos/" + unknown).then().statusCode(404);
        given().urlEncodingEnabled(false)
                .post("/v1/videos/" + unknown + "/cancel")
                .then()
                .statusCode(404);
    }

    @Test
    void shouldAnswer503WhileTheStoreIsAwayAndCancelWhenItIsBack() throws Exception {
        // Given a store that is away
        others.snapshot(Jobs.started(id));
        StoredEnds real = ClientProxy.unwrap(ends);
        QuarkusMock.installMockForType(StoreAway.ends(), StoredEnds.class);

        // When the job is to be cancelled
        given().delete("/v1/videos/" + id)
                .then()
                .statusCode(503)
                .header("Retry-After", "5")
                .body("error.code", equalTo("store_unavailable"));

        // Then nothing has happened
        given().get("/v1/videos/" + id).then().body("status", equalTo("in_progress"));

        // And it may be asked for again
        QuarkusMock.installMockForType(real, StoredEnds.class);
        given().delete("/v1/videos/" + id).then().statusCode(200);
        given().get("/v1/videos/" + id).then().body("status", equalTo("cancelled"));
    }

    private void complete() throws Exception {
        JobSnapshot end = storeVideo();
        folders.end(end);
        others.snapshot(end);
    }

    private JobSnapshot storeVideo() throws Exception {
        store.put(ObjectKeys.video(id, new AttemptId(1, 1)), new byte[7], "video/mp4");
        store.put(ObjectKeys.poster(id, new AttemptId(1, 1)), new byte[3], "image/png");
        return Jobs.completed(id, 7);
    }

    private <T> List<T> read(Topic topic, JobId job, Class<T> type) throws Exception {
        List<T> messages = new ArrayList<>();
        for (var record : TopicRecords.of(broker, topic.topicName(), job.toString())) {
            messages.add(JsonCodec.read(record.value(), type));
        }
        return messages;
    }
}
