package io.text2video.gateway.api.access;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.smallrye.common.annotation.Identifier;
import io.text2video.common.access.ApiKeySecret;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.Tenant;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.Keys;
import io.text2video.gateway.fleet.OtherPrograms;
import io.text2video.gateway.fleet.ShareGroupMember;
import io.text2video.gateway.jobs.JobView;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One tenant sends many jobs, {@code -Dtest.many=10000} has it send ten thousand, and another sends two. And what is past the
 * bounds.
 */
@Tag("slow")
@Tag("waits")
@QuarkusTest
@TestProfile(WithAccess.class)
class FairOrderTest {
    private static final Tenant MANY = new Tenant("many");
    private static final Tenant FEW = new Tenant("few");
    private static final Tenant THIRD = new Tenant("third");
    private static final String BATCHES = "/v1/videos/batches";

    @Inject
    Keys keys;

    @Inject
    OtherPrograms others;

    @Inject
    JobView view;

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    private ApiKeySecret many;
    private ApiKeySecret few;

    @BeforeEach
    void makeKeys() {
        many = keys.create(MANY);
        few = keys.create(FEW);
    }

    @Test
    void shouldNotLetATenantWaitForAllJobsOfAnother() {
        // Given one that has sent many jobs
        String batch =
                batch(many, WithAccess.MANY_JOBS).statusCode(202).extract().path("id");
        awaitJobs(WithAccess.MANY_JOBS, MANY);

        // Then it may have no more
        send(many, "normal")
                .statusCode(429)
                .header("Retry-After", "30")
                .body("error.code", equalTo("too_many_jobs"))
                .body("error.message", containsString("at most " + WithAccess.MANY_JOBS));

        // When another sends two, of which the second is to be first
        JobId later = create("low");
        JobId sooner = create("high");

        // Then a worker gets them early, and they say so before
        int position = as(few).get("/v1/videos/" + later).path("queue_position");
        assertThat(position).isLessThan(WithAccess.MANY_JOBS / 4);
        List<JobId> drawn = drawUntil(later);
        assertThat(drawn).contains(sooner).hasSizeLessThan(WithAccess.MANY_JOBS / 4);
        as(many).post(BATCHES + "/" + batch + "/cancel").then().statusCode(200);
        awaitJobs(0, MANY);
    }

    @Test
    void shouldRefuseMoreJobsThanTheFleetMayHave() {
        // Given tenants that have all that they may
        ApiKeySecret third = keys.create(THIRD);
        List<String> batches = new ArrayList<>();
        for (ApiKeySecret key : List.of(few, third)) {
            batches.add(
                    batch(key, WithAccess.MANY_JOBS).statusCode(202).extract().path("id"));
        }
        awaitJobs(2 * WithAccess.MANY_JOBS, FEW, THIRD);

        // Then there is room for none of another
        batch(keys.create(new Tenant("fourth")), WithAccess.MANY_JOBS)
                .statusCode(503)
                .header("Retry-After", "5")
                .body("error.code", equalTo("overloaded"));
        as(few).post(BATCHES + "/" + batches.get(0) + "/cancel").then().statusCode(200);
        as(third).post(BATCHES + "/" + batches.get(1) + "/cancel").then().statusCode(200);
        awaitJobs(0, FEW, THIRD);
    }

    /** As a worker of the default pool, to the end of that job; whose jobs it draws besides is all the same. */
    private List<JobId> drawUntil(JobId last) {
        List<JobId> drawn = new ArrayList<>();
        try (var worker = new ShareGroupMember(kafka)) {
            while (!drawn.contains(last)) {
                ShareGroupMember.Taken next = worker.take();
                others.snapshot(Jobs.completed(JobSnapshot.queued(next.request(), Instant.now()), 7));
                next.accept();
                if (List.of(MANY, FEW).contains(Tenant.orDefault(next.request().tenant()))) {
                    drawn.add(next.id());
                }
            }
        }
        return drawn;
    }

    private void awaitJobs(int jobs, Tenant... tenants) {
        await().atMost(Duration.ofMinutes(3))
                .until(
                        () -> Stream.of(tenants).mapToInt(view::countOpen).sum(),
                        open -> jobs == 0 ? open == 0 : open >= jobs);
    }

    private JobId create(String priority) {
        return JobId.parse(send(few, priority)
                .statusCode(202)
                .body("priority", equalTo(priority))
                .extract()
                .path("id"));
    }

    private static ValidatableResponse send(ApiKeySecret key, String priority) {
        return as(key).contentType(ContentType.JSON)
                .body("{\"prompt\":\"a blue ball\",\"priority\":\"%s\"}".formatted(priority))
                .post("/v1/videos")
                .then();
    }

    private static ValidatableResponse batch(ApiKeySecret key, int lines) {
        String jobs = IntStream.range(0, lines)
                .mapToObj(line -> "{\"prompt\":\"a red ball\"}")
                .collect(Collectors.joining("\n"));
        return as(key).contentType("application/jsonl")
                .body(jobs.getBytes(UTF_8))
                .post(BATCHES)
                .then();
    }

    private static RequestSpecification as(ApiKeySecret key) {
        return given().auth().oauth2(key.text());
    }
}
