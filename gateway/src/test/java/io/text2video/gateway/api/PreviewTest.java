package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.OtherPrograms;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class PreviewTest {
    @Inject
    OtherPrograms others;

    @Inject
    S3Config s3;

    private final JobId id = JobId.next();
    private ObjectStore store;

    @BeforeEach
    void openTheStore() {
        store = new ObjectStore(s3);
    }

    @AfterEach
    void closeTheStore() {
        store.close();
    }

    @Test
    void shouldHandOutThePreviewOfAJobInProgress() throws Exception {
        others.snapshot(Jobs.started(id));
        put(new byte[] {1, 2, 3});

        // When
        Response first = given().get(path());

        // Then
        first.then().statusCode(200).contentType("image/jpeg").header("Cache-Control", "no-store");
        assertThat(first.asByteArray()).containsExactly(1, 2, 3);
        String etag = first.header("ETag");
        given().header("If-None-Match", etag)
                .get(path())
                .then()
                .statusCode(304)
                .header("ETag", etag)
                .header("Cache-Control", "no-store");

        // When there is another one
        put(new byte[] {4, 5});

        // Then the client has not
        Response second = given().header("If-None-Match", etag).get(path());
        second.then().statusCode(200);
        assertThat(second.asByteArray()).containsExactly(4, 5);
    }

    @Test
    void shouldSayThatThereIsNoneYet() throws Exception {
        others.snapshot(Jobs.queued(id));
        given().get(path()).then().statusCode(409).body("error.code", equalTo("preview_not_ready"));

        others.snapshot(Jobs.started(id));
        given().get(path()).then().statusCode(409).body("error.code", equalTo("preview_not_ready"));
    }

    @Test
    void shouldSayThatThereIsNoneAnyMore() throws Exception {
        others.snapshot(Jobs.completed(id, 7));

        given().get(path())
                .then()
                .statusCode(410)
                .body("error.code", equalTo("file_gone"))
                .body("error.message", containsString("completed"));
    }

    @Test
    void shouldNotKnowWhatIsNoJob() {
        given().get(path()).then().statusCode(404).body("error.code", equalTo("video_not_found"));
        given().get("/v1/videos/x/preview").then().statusCode(404).body("error.code", equalTo("video_not_found"));
    }

    private void put(byte... jpeg) throws Exception {
        store.put(ObjectKeys.preview(id, new AttemptId(1, 1)), jpeg, "image/jpeg");
    }

    private String path() {
        return "/v1/videos/" + id + "/preview";
    }
}
