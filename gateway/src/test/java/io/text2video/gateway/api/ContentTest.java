package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.OtherPrograms;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class ContentTest {
    private static final int SIZE = 300_000;

    @Inject
    OtherPrograms others;

    @Inject
    S3Config s3;

    private final JobId id = JobId.next();
    private final byte[] video = new byte[SIZE];
    private final byte[] poster = {(byte) 0x89, 'P', 'N', 'G'};
    private ObjectStore store;

    @BeforeEach
    void completeAJob() throws Exception {
        new Random(1).nextBytes(video);
        store = new ObjectStore(s3);
        store.putIfAbsent(ObjectKeys.video(id, new AttemptId(1, 1)), video, "video/mp4");
        store.putIfAbsent(ObjectKeys.poster(id, new AttemptId(1, 1)), poster, "image/png");
        others.snapshot(Jobs.completed(id, SIZE));
    }

    @AfterEach
    void closeTheStore() {
        store.close();
    }

    @Test
    void shouldHandOutTheWholeVideo() {
        var response = given().get(path());

        response.then()
                .statusCode(200)
                .contentType("video/mp4")
                .header("Content-Length", Integer.toString(SIZE))
                .header("Accept-Ranges", "bytes")
                .header("Content-Disposition", "inline; filename=\"" + id + ".mp4\"");
        assertThat(response.asByteArray()).isEqualTo(video);
    }

    @Test
    void shouldHandOutThePoster() {
        var response = given().get(path() + "?variant=thumbnail");

        response.then().statusCode(200).contentType("image/png");
        assertThat(response.asByteArray()).isEqualTo(poster);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=100-199999, 100, 199999",
        "bytes=299990-, 299990, 299999",
        "bytes=-10, 299990, 299999",
        "bytes=299990-9999999, 299990, 299999",
    })
    void shouldHandOutAPart(String range, int first, int last) {
        var response = given().header("Range", range).get(path());

        response.then()
                .statusCode(206)
                .header("Content-Range", "bytes %d-%d/%d".formatted(first, last, SIZE))
                .header("Content-Length", Integer.toString(last - first + 1));
        assertThat(response.asByteArray()).isEqualTo(Arrays.copyOfRange(video, first, last + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=300000-", "bytes=-0"})
    void shouldRefuseBytesThatAreNotThere(String range) {
        given().header("Range", range)
                .get(path())
                .then()
                .statusCode(416)
                .header("Content-Range", "bytes */" + SIZE)
                .body("error.code", equalTo("range_not_satisfiable"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=5-2", "bytes=0-1,5-6", "nonsense"})
    void shouldIgnoreARangeThatMakesNoSense(String range) {
        given().header("Range", range).get(path()).then().statusCode(200);
    }

    @Test
    void shouldResumeOnlyWhatHasNotChanged() {
        String etag = given().head(path()).header("ETag");

        given().header("Range", "bytes=0-9")
                .header("If-Range", etag)
                .get(path())
                .then()
                .statusCode(206);
        given().header("Range", "bytes=0-9")
                .header("If-Range", "\"other\"")
                .get(path())
                .then()
                .statusCode(200);
        given().header("Range", "bytes=0-9")
                .header("If-Range", "W/" + etag)
                .get(path())
                .then()
                .statusCode(200);
    }

    @Test
    void shouldDescribeTheVideoToHead() {
        given().head(path())
                .then()
                .statusCode(200)
                .contentType("video/mp4")
                .header("Content-Length", Integer.toString(SIZE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "W/%s", "\"other\", %s", "*"})
    void shouldNotSendAgainWhatTheClientHas(String known) {
        String etag = given().head(path()).header("ETag");

        for (String method : List.of("GET", "HEAD")) {
            var response =
                    given().header("If-None-Match", known.formatted(etag)).request(method, path());
            response.then().statusCode(304).header("ETag", etag);
            assertThat(response.asByteArray()).as(method).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"other\"", "W/\"other\"", "nonsense"})
    void shouldSendWhatTheClientDoesNotHave(String known) {
        var response = given().header("If-None-Match", known).get(path());

        response.then().statusCode(200);
        assertThat(response.asByteArray()).isEqualTo(video);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "\"other\", %s", "*"})
    void shouldSendTheFileThatTheClientMeans(String wanted) {
        String etag = given().head(path()).header("ETag");

        given().header("If-Match", wanted.formatted(etag))
                .header("Range", "bytes=0-9")
                .get(path())
                .then()
                .statusCode(206);
        given().header("If-Match", wanted.formatted(etag)).head(path()).then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"other\"", "W/%s", "nonsense"})
    void shouldSendNoOtherFileThanTheClientMeans(String wanted) {
        String etag = given().head(path()).header("ETag");

        given().header("If-Match", wanted.formatted(etag))
                .header("If-None-Match", etag)
                .get(path())
                .then()
                .statusCode(412)
                .body("error.code", equalTo("precondition_failed"))
                .body("error.param", equalTo("If-Match"))
                .body("error.message", containsString(etag));
        given().header("If-Match", wanted.formatted(etag)).head(path()).then().statusCode(412);
    }

    @Test
    void shouldSayThatAFileIsGoneThoughTheClientHasIt() throws Exception {
        String etag = given().head(path()).header("ETag");
        store.remove(ObjectKeys.video(id, new AttemptId(1, 1)));

        given().header("If-None-Match", etag).get(path()).then().statusCode(410);
    }

    @Test
    void shouldRefuseAnUnknownVariant() {
        given().get(path() + "?variant=poster")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("invalid_value"))
                .body("error.param", equalTo("variant"))
                .body("error.message", containsString("video or thumbnail"));
    }

    @Test
    void shouldSayWhatThereIsInsteadOfASpritesheet() {
        given().get(path() + "?variant=spritesheet")
                .then()
                .statusCode(501)
                .body("error.code", equalTo("not_supported"))
                .body("error.param", equalTo("variant"))
                .body("error.message", containsString("thumbnail"));
        given().head(path() + "?variant=spritesheet").then().statusCode(501);
    }

    @Test
    void shouldSayThatAVideoIsNotReady() {
        JobId running = JobId.next();
        others.snapshot(Jobs.started(running));

        given().get("/v1/videos/" + running + "/content")
                .then()
                .statusCode(409)
                .body("error.code", equalTo("video_not_ready"))
                .body("error.message", containsString("in_progress"));
    }

    @Test
    void shouldSayWhyThereWillBeNoVideo() {
        JobId failed = JobId.next();
        var error = new JobError(ErrorCode.UNKNOWN_MODEL, "no worker has the model", "model");
        others.snapshot(Jobs.queued(failed).failed(new AttemptId(1, 1), "worker-1", error, Jobs.TIME));

        given().get("/v1/videos/" + failed + "/content")
                .then()
                .statusCode(409)
                .body("error.code", equalTo("unknown_model"));
    }

    @Test
    void shouldSayThatAFileIsGone() throws Exception {
        store.remove(ObjectKeys.video(id, new AttemptId(1, 1)));

        given().get(path()).then().statusCode(410).body("error.code", equalTo("file_gone"));
    }

    private String path() {
        return "/v1/videos/" + id + "/content";
    }
}
