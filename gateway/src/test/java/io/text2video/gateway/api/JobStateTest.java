package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.OtherPrograms;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class JobStateTest {
    @Inject
    OtherPrograms others;

    @Test
    void shouldShowAForeignProducersRequestAsQueued() {
        JobId id = JobId.next();

        others.request("{\"id\":\"%s\",\"prompt\":\"from elsewhere\",\"mood\":1}".formatted(id), id);

        expectStatus(id, "queued", 0);
    }

    @Test
    void shouldPassOverARequestThatCannotBeRead() {
        JobId id = JobId.next();
        others.request("{\"id\":\"%s\"}".formatted(id), id);

        given().get("/v1/videos/" + id).then().statusCode(404);
    }

    @Test
    void shouldFollowAJobToItsEnd() {
        JobId id = JobId.next();
        JobSnapshot started = Jobs.started(id);
        others.snapshot(started);
        expectStatus(id, "in_progress", 0);

        others.event(VideoEvent.of(started));
        others.event(VideoEvent.progress(started, 10, 25, Instant.now()));
        await().untilAsserted(() -> expectStatus(id, "in_progress", 40));

        others.snapshot(Jobs.completed(id, 7));
        await().untilAsserted(() -> expectStatus(id, "completed", 100));
        given().get("/v1/videos/" + id)
                .then()
                .body("completed_at", equalTo((int) Jobs.TIME.getEpochSecond() + 4))
                .body("timings.text_encoding", equalTo(0.01f))
                .body("seed", equalTo(42));
    }

    @Test
    void shouldTellWhyAJobFailed() {
        JobId id = JobId.next();
        var error = new JobError(
                ErrorCode.INVALID_PARAMETER, "num_frames is 18, but must be a multiple of 8 plus 1", "num_frames");

        others.snapshot(Jobs.queued(id).failed(new AttemptId(1, 1), "worker-1", error, Jobs.TIME));

        expectStatus(id, "failed", 0);
        given().get("/v1/videos/" + id)
                .then()
                .body("error.code", equalTo("invalid_parameter"))
                .body("error.message", equalTo("num_frames is 18, but must be a multiple of 8 plus 1"));
    }

    @Test
    void shouldForgetAJobWhoseStateWasRemoved() {
        JobId id = JobId.next();
        others.snapshot(Jobs.completed(id, 7));
        expectStatus(id, "completed", 100);

        others.forget(id);

        await().untilAsserted(() -> given().get("/v1/videos/" + id).then().statusCode(404));
    }

    @Test
    void shouldListByTheTimeOfCreationPageByPage() {
        List<String> ids = new ArrayList<>();
        Instant farFuture = Instant.parse("2100-01-01T00:00:00Z");
        for (int i = 0; i < 5; i++) {
            JobId id = JobId.next();
            others.snapshot(Jobs.queued(id, farFuture.plusSeconds(i), null));
            ids.add(0, id.toString());
        }

        var first = given().get("/v1/videos?limit=2").jsonPath();
        var second = given().get("/v1/videos?limit=2&after=" + first.getString("last_id"))
                .jsonPath();

        assertThat(first.getString("object")).isEqualTo("list");
        assertThat(first.getList("data.id")).isEqualTo(ids.subList(0, 2));
        assertThat(first.getString("first_id")).isEqualTo(ids.get(0));
        assertThat(first.getBoolean("has_more")).isTrue();
        assertThat(second.getList("data.id")).isEqualTo(ids.subList(2, 4));

        Collections.reverse(ids);
        var last = given().get("/v1/videos?order=asc&after=" + ids.get(2)).jsonPath();
        assertThat(last.getList("data.id")).isEqualTo(ids.subList(3, 5));
        assertThat(last.getBoolean("has_more")).isFalse();

        ids.forEach(id -> others.forget(JobId.parse(id)));
    }

    private static void expectStatus(JobId id, String status, int progress) {
        given().get("/v1/videos/" + id)
                .then()
                .statusCode(200)
                .body("status", equalTo(status))
                .body("progress", equalTo(progress));
    }
}
