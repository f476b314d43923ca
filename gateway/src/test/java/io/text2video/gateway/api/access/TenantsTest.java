package io.text2video.gateway.api.access;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.text2video.common.access.ApiKeySecret;
import io.text2video.common.job.BatchId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.Tenant;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import io.text2video.gateway.api.events.EventClient;
import io.text2video.gateway.fleet.Images;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.Keys;
import io.text2video.gateway.fleet.OtherPrograms;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two tenants on one gateway: neither sees anything of the other, by any route that the OpenAPI document has. Of a route that
 * names a job that is found out here; one that does not must be looked at and named here.
 */
@Tag("slow")
@Tag("waits")
@QuarkusTest
@TestProfile(WithAccess.class)
class TenantsTest {
    private static final Tenant OURS = new Tenant("acme");
    private static final Tenant THEIRS = new Tenant("other");
    private static final String JOB = "/v1/videos/{id}";
    /** By its first bytes. */
    private static final byte[] MP4 = "\0\0\0\0ftypisom".getBytes(UTF_8);

    /** Which show no job: what there is to them is the same for everybody, or is tried in a test of its own here. */
    private static final Set<String> LOOKED_AT = Set.of(
            // shouldMakeJobsOfTheTenant, shouldKeepIdempotencyKeysApart, shouldStartFromTheTenantsOwnImagesOnly
            "post /v1/videos",
            // shouldListTheTenantsJobsOnly
            "get /v1/videos",
            // shouldTellOfTheTenantsJobsOnly
            "get /v1/videos/events",
            // shouldShowTheTenantsBatchesOnly
            "post /v1/videos/batches",
            "get /v1/videos/batches/{id}",
            "post /v1/videos/batches/{id}/cancel",
            // shouldMakeVideosFromTheTenantsOwnOnly
            "post /v1/videos/edits",
            "post /v1/videos/extensions",
            // Not supported.
            "post /v1/videos/characters",
            "get /v1/videos/characters/{id}",
            // The fleet's.
            "get /v1/models",
            "get /v1/models/{id}");

    @Inject
    Keys keys;

    @Inject
    OtherPrograms others;

    @Inject
    S3Config s3;

    private ApiKeySecret ourKey;
    private ApiKeySecret theirKey;

    @BeforeEach
    void makeKeys() {
        ourKey = keys.create(OURS);
        theirKey = keys.create(THEIRS);
    }

    @Test
    void shouldAnswerOnEveryRouteAsIfThereWereNoOtherTenant() {
        // Given every route that there is
        Map<String, Map<String, Object>> paths =
                given().queryParam("format", "json").get("/openapi").path("paths");
        Set<String> unknown = new TreeSet<>();
        Map<String, Response> answers = new LinkedHashMap<>();

        paths.forEach((path, operations) -> operations.keySet().stream()
                .filter(method ->
                        Set.of("get", "put", "post", "delete", "patch").contains(method))
                .forEach(method -> {
                    String route = method + " " + path;
                    // When it is asked for by nobody, then it is refused
                    JobId job = completed(OURS).id();
                    assertThat(ask(given(), method, path, job).statusCode())
                            .as(route)
                            .isEqualTo(401);
                    if (path.startsWith(JOB)) {
                        // When another tenant's job is asked for, then it is as one that there is not
                        Response theirs = ask(as(theirKey), method, path, job);
                        Response nobodys = ask(as(theirKey), method, path, JobId.next());
                        assertThat(theirs.statusCode()).as(route).isEqualTo(404);
                        assertThat(theirs.asString()).as(route).isEqualTo(nobodys.asString());
                        answers.put(route, ask(as(ourKey), method, path, job));
                    } else if (!LOOKED_AT.contains(route)) {
                        unknown.add(route);
                    }
                }));

        // Then its owner has it
        assertThat(answers).isNotEmpty();
        answers.forEach(
                (route, answer) -> assertThat(answer.asString()).as(route).doesNotContain("video_not_found"));
        assertThat(unknown)
                .as("routes that may show another tenant's jobs, and nobody has looked")
                .isEmpty();
    }

    @Test
    void shouldTellNothingOfAnotherTenantsFile() {
        JobId job = completed(OURS).id();

        as(theirKey).head("/v1/videos/" + job + "/content").then().statusCode(404);
    }

    @Test
    void shouldMakeJobsOfTheTenant() {
        String id = create(ourKey, "{\"prompt\":\"a red ball\"}")
                .then()
                .statusCode(202)
                .extract()
                .path("id");

        as(ourKey).get("/v1/videos/" + id).then().statusCode(200);
        as(theirKey).get("/v1/videos/" + id).then().statusCode(404);
    }

    @Test
    void shouldTakeTheTenantThatAnotherProgramNames() {
        JobId ours = JobId.next();
        JobId nobodys = JobId.next();
        ApiKeySecret defaultKey = keys.create(Tenant.DEFAULT);

        others.request("{\"id\":\"%s\",\"prompt\":\"a ball\",\"tenant\":\"acme\"}".formatted(ours), ours);
        others.request("{\"id\":\"%s\",\"prompt\":\"a ball\"}".formatted(nobodys), nobodys);

        as(ourKey).get("/v1/videos/" + ours).then().statusCode(200);
        as(defaultKey).get("/v1/videos/" + ours).then().statusCode(404);
        as(ourKey).get("/v1/videos/" + nobodys).then().statusCode(404);
        as(defaultKey).get("/v1/videos/" + nobodys).then().statusCode(200);
    }

    @Test
    void shouldListTheTenantsJobsOnly() {
        // Given
        String ours = completed(OURS).id().toString();
        String theirs = completed(THEIRS).id().toString();

        // When
        List<String> listed =
                as(theirKey).queryParam("limit", 100).get("/v1/videos").path("data.id");

        // Then
        assertThat(listed).contains(theirs).doesNotContain(ours);
        as(theirKey)
                .queryParam("after", ours)
                .get("/v1/videos")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("after"));
    }

    @Test
    void shouldTellOfTheTenantsJobsOnly() throws Exception {
        JobSnapshot ours = queued(OURS);
        JobSnapshot theirs = queued(THEIRS);
        others.snapshot(ours);
        others.snapshot(theirs);
        try (var client = EventClient.follow("/v1/videos/events", "0", theirKey.text())) {
            // When both are told of, at first and as they change, and last is deleted
            others.snapshot(Jobs.completed(ours, 7));
            others.snapshot(Jobs.completed(ours, 7).deleted());
            others.snapshot(Jobs.completed(theirs, 7));
            others.snapshot(Jobs.completed(theirs, 7).deleted());

            // Then the stream has one of them, to its end
            EventClient.Event event = client.next();
            while (!(event.name().equals("video.deleted")
                    && event.video().path("id").asText().equals(theirs.id().toString()))) {
                assertThat(event.video().path("id").asText())
                        .isNotEqualTo(ours.id().toString());
                event = client.next();
            }
        }
    }

    @Test
    void shouldKeepIdempotencyKeysApart() {
        String name = JobId.next().toString();

        String ours = as(ourKey)
                .header("Idempotency-Key", name)
                .contentType(ContentType.JSON)
                .body("{\"prompt\":\"a red ball\"}")
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .extract()
                .path("id");

        as(theirKey)
                .header("Idempotency-Key", name)
                .contentType(ContentType.JSON)
                .body("{\"prompt\":\"a blue ball\"}")
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .body("id", not(equalTo(ours)));
    }

    @Test
    void shouldStartFromTheTenantsOwnImagesOnly() throws Exception {
        // Given
        try (var store = new ObjectStore(s3)) {
            store.put("inputs/acme/ball.png", Images.image("png"), "image/png");
        }
        String body = "{\"prompt\":\"a ball\",\"input_reference\":{\"key\":\"%s\"}}";

        // Then
        create(ourKey, body.formatted("inputs/acme/ball.png")).then().statusCode(202);
        for (String key : List.of("inputs/acme/ball.png", "inputs/acme/none.png", "inputs/ball.png", "videos/x.png")) {
            create(theirKey, body.formatted(key))
                    .then()
                    .statusCode(403)
                    .body("error.code", equalTo("forbidden"))
                    .body("error.param", equalTo("input_reference"))
                    .body("error.message", containsString("must begin with inputs/other/"));
        }
    }

    @Test
    void shouldMakeVideosFromTheTenantsOwnOnly() throws Exception {
        // Given a video of one tenant, and a job
        JobSnapshot ours = completed(OURS);
        try (var store = new ObjectStore(s3)) {
            store.put("inputs/acme/ball.mp4", MP4, "video/mp4");
            store.put(ours.video().key(), MP4, "video/mp4");
        }
        String byKey = "{\"prompt\":\"a\",\"video\":{\"key\":\"%s\"}}";
        String byId = "{\"prompt\":\"a\",\"video\":{\"id\":\"%s\"}}";

        // Then the tenant may, and nobody else; another one's job is as one that there is not
        for (String operation : List.of("edits", "extensions")) {
            String path = "/v1/videos/" + operation;
            post(ourKey, path, byKey.formatted("inputs/acme/ball.mp4")).then().statusCode(202);
            post(ourKey, path, byId.formatted(ours.id())).then().statusCode(202);
            for (String key : List.of(
                    "inputs/acme/ball.mp4", "inputs/ball.mp4", ours.video().key())) {
                post(theirKey, path, byKey.formatted(key))
                        .then()
                        .statusCode(403)
                        .body("error.param", equalTo("video"))
                        .body("error.message", containsString("must begin with inputs/other/"));
            }
            JobId nobodys = JobId.next();
            assertThat(post(theirKey, path, byId.formatted(ours.id())).asString())
                    .isEqualTo(post(theirKey, path, byId.formatted(nobodys))
                            .asString()
                            .replace(nobodys.toString(), ours.id().toString()))
                    .contains("no such video");
        }
    }

    @Test
    void shouldRemixAJobWithItsImage() {
        // Given a job with an image that came with its request
        String id = as(ourKey)
                .multiPart("prompt", "a ball")
                .multiPart("input_reference", "ball.png", Images.image("png"), "image/png")
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .extract()
                .path("id");

        // Then
        as(ourKey)
                .contentType(ContentType.JSON)
                .body("{\"prompt\":\"a blue ball\"}")
                .post("/v1/videos/" + id + "/remix")
                .then()
                .statusCode(202)
                .body("remixed_from_video_id", equalTo(id));
    }

    @Test
    void shouldShowTheTenantsBatchesOnly() {
        // Given a batch of each of two tenants, with one key
        String named = UUID.randomUUID().toString();
        String ours = batch(ourKey, named);
        String theirs = batch(theirKey, named);

        // Then they are two, and neither sees the other's
        assertThat(theirs).isNotEqualTo(ours);
        as(ourKey).get("/v1/videos/batches/" + ours).then().statusCode(200);
        as(theirKey).get("/v1/videos/batches/" + ours).then().statusCode(404);
        as(theirKey).post("/v1/videos/batches/" + ours + "/cancel").then().statusCode(404);
        String job = BatchId.parse(ours).job(1).toString();
        await().until(() -> as(ourKey).get("/v1/videos/" + job).statusCode(), equalTo(200));
        as(theirKey).get("/v1/videos/" + job).then().statusCode(404);
        as(theirKey).get("/v1/videos?batch=" + ours).then().statusCode(200).body("data", empty());
        as(ourKey).get("/v1/videos?batch=" + ours).then().body("data.id", equalTo(List.of(job)));
    }

    private static String batch(ApiKeySecret key, String named) {
        return as(key).header("Idempotency-Key", named)
                .contentType("application/jsonl")
                .body("{\"prompt\":\"a red ball\"}".getBytes(UTF_8))
                .post("/v1/videos/batches")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    private static Response create(ApiKeySecret key, String body) {
        return post(key, "/v1/videos", body);
    }

    private static Response post(ApiKeySecret key, String path, String body) {
        return as(key).contentType(ContentType.JSON).body(body).post(path);
    }

    private static RequestSpecification as(ApiKeySecret key) {
        return given().auth().oauth2(key.text());
    }

    private static Response ask(RequestSpecification client, String method, String path, JobId job) {
        RequestSpecification request = client.urlEncodingEnabled(false);
        if (!method.equals("get")) {
            request.contentType(ContentType.JSON).body("{\"prompt\":\"a ball\"}");
        }
        return request.request(method, path.replace("{id}", job.toString()).replaceAll("\\{[^}]*}", "1"));
    }

    private JobSnapshot completed(Tenant tenant) {
        JobSnapshot job = Jobs.completed(queued(tenant), 7);
        others.snapshot(job);
        return job;
    }

    private static JobSnapshot queued(Tenant tenant) {
        return JobSnapshot.queued(
                new VideoRequest(
                        VideoRequest.VERSION,
                        JobId.next(),
                        "cogvideox-tiny",
                        "a red ball",
                        Jobs.PARAMETERS,
                        null,
                        null,
                        Jobs.TIME,
                        null,
                        null,
                        null,
                        tenant,
                        null,
                        null),
                Jobs.TIME);
    }
}
