package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoReference;
import io.text2video.common.job.VideoReference.Operation;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.model.ModelCard;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.commands.BrokerAway;
import io.text2video.gateway.commands.Submission;
import io.text2video.gateway.fleet.Announcements;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Images;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.OtherPrograms;
import io.text2video.gateway.storage.InputVideos;
import io.text2video.gateway.storage.StoreAway;
import jakarta.inject.Inject;
import java.util.Arrays;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /v1/videos/edits} and {@code /v1/videos/extensions}: where the video comes from, and what workers are asked for. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class FromVideosTest {
    private static final int MOST_BYTES = 32 << 20;

    @Inject
    Announcements workers;

    @Inject
    OtherPrograms others;

    @Inject
    S3Config s3;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private ObjectStore store;

    @BeforeEach
    void announce() {
        workers.announce(Cards.COGVIDEOX_2B, Cards.COGVIDEOX_5B_I2V, Cards.FUN_CONTROL);
        store = new ObjectStore(s3);
    }

    @AfterEach
    void forget() {
        store.close();
        workers.forgetAll();
    }

    @ParameterizedTest
    @CsvSource({
        "....ftypisom, mp4",
        "....ftypqt  , mp4",
        "....wide...., mp4",
        "'\u001aE\u00df\u00a3........', mkv",
        "'RIFF....AVI ', avi",
        "GIF89a......, gif"
    })
    void shouldStoreTheFileOfAForm(String head, String extension) throws Exception {
        byte[] file = file(head, 1 << 12);

        String id = form(file)
                .statusCode(202)
                .body("status", equalTo("queued"))
                .extract()
                .path("id");

        String key = "inputs/%s.%s".formatted(id, extension);
        assertThat(request(Cards.COGVIDEOX_2B, id).inputVideo()).isEqualTo(new VideoReference(key, null, 0.6));
        assertThat(store.read(key)).hasValue(file);
    }

    @Test
    void shouldKeepACopyOfTheVideoOfAJob() throws Exception {
        // Given a finished job
        JobSnapshot source = Jobs.completed(JobId.next(), 7);
        byte[] video = file("....ftypisom", 99);
        store.put(source.video().key(), video, "video/mp4");
        others.snapshot(source);

        for (String named : new String[] {"{\"id\":\"%s\"}", "\"%s\""}) {
            // When it is to be changed
            String id = post("edits", Cards.COGVIDEOX_2B, named.formatted(source.id()))
                    .statusCode(202)
                    .body("remixed_from_video_id", equalTo(source.id().toString()))
                    .extract()
                    .path("id");

            // Then the new job has a copy of its own, and may be made once more, of a copy of that
            VideoReference ofEdit = request(Cards.COGVIDEOX_2B, id).inputVideo();
            assertThat(ofEdit).isEqualTo(new VideoReference("inputs/" + id + ".mp4", null, null));
            assertThat(store.read(ofEdit.key())).hasValue(video);

            String remix = given().contentType(ContentType.JSON)
                    .body("{\"prompt\":\"a blue ball\"}")
                    .post("/v1/videos/" + id + "/remix")
                    .then()
                    .statusCode(202)
                    .extract()
                    .path("id");
            VideoReference ofRemix = request(Cards.COGVIDEOX_2B, remix).inputVideo();
            assertThat(ofRemix).isEqualTo(new VideoReference("inputs/" + remix + ".mp4", null, null));
            assertThat(store.read(ofRemix.key())).hasValue(video);
        }
    }

    @Test
    void shouldTakeAVideoOfTheBucketAsItIs() throws Exception {
        store.put("inputs/mine/ball.webm", file("\u001aE\u00df\u00a3........", 99), "video/webm");
        String named = "{\"key\":\"inputs/mine/ball.webm\"}";

        String edit = post("edits", Cards.COGVIDEOX_2B, named + ",\"strength\":1")
                .statusCode(202)
                .extract()
                .path("id");
        String extension = post("extensions", Cards.COGVIDEOX_5B_I2V, named + ",\"seconds\":\"12\"")
                .statusCode(202)
                .body("remixed_from_video_id", equalTo(null))
                .body("seconds", equalTo("12"))
                .extract()
                .path("id");

        assertThat(request(Cards.COGVIDEOX_2B, edit).inputVideo())
                .isEqualTo(new VideoReference("inputs/mine/ball.webm", null, 1.0));
        VideoRequest request = request(Cards.COGVIDEOX_5B_I2V, extension);
        assertThat(request.inputVideo()).isEqualTo(new VideoReference("inputs/mine/ball.webm", Operation.EXTEND, null));
        assertThat(request.parameters().numFrames()).isEqualTo(97);

        // A remix of an extension is one too.
        String remix = given().contentType(ContentType.JSON)
                .body("{\"prompt\":\"the ball stops\"}")
                .post("/v1/videos/" + extension + "/remix")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
        assertThat(request(Cards.COGVIDEOX_5B_I2V, remix).inputVideo()).isEqualTo(request.inputVideo());
    }

    @Test
    void shouldTakeAControlVideo() throws Exception {
        // Given a control video in the bucket, and one of a job
        byte[] video = file("....ftypisom", 99);
        store.put("inputs/mine/poses.mp4", video, "video/mp4");
        JobSnapshot source = Jobs.completed(JobId.next(), 7);
        store.put(source.video().key(), video, "video/mp4");
        others.snapshot(source);

        // When videos are to be drawn along them, and along one that is sent, and along one once more
        String byKey = control("{\"key\":\"inputs/mine/poses.mp4\"}")
                .statusCode(202)
                .body("operation", equalTo("control"))
                .extract()
                .path("id");
        String byId = control("\"%s\"".formatted(source.id()))
                .statusCode(202)
                .body("remixed_from_video_id", equalTo(null))
                .extract()
                .path("id");
        String sent = given().multiPart("control_video", "a.mp4", video)
                .multiPart("prompt", "a dancer")
                .multiPart("model", Cards.FUN_CONTROL.id())
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
        String remix = given().contentType(ContentType.JSON)
                .body("{\"prompt\":\"a skater\"}")
                .post("/v1/videos/" + byKey + "/remix")
                .then()
                .statusCode(202)
                .extract()
                .path("id");

        // Then their workers find them
        assertThat(request(Cards.FUN_CONTROL, byKey).inputVideo())
                .isEqualTo(new VideoReference("inputs/mine/poses.mp4", Operation.CONTROL, null));
        assertThat(request(Cards.FUN_CONTROL, remix).inputVideo())
                .isEqualTo(new VideoReference("inputs/mine/poses.mp4", Operation.CONTROL, null));
        for (String copied : new String[] {byId, sent}) {
            VideoReference of = request(Cards.FUN_CONTROL, copied).inputVideo();
            assertThat(of).isEqualTo(new VideoReference("inputs/" + copied + ".mp4", Operation.CONTROL, null));
            assertThat(store.read(of.key())).hasValue(video);
        }
    }

    @Test
    void shouldSayWhichModelsDrawAlongAVideo() throws Exception {
        store.put("inputs/mine/a.mp4", file("....ftypisom", 99), "video/mp4");
        String video = "{\"key\":\"inputs/mine/a.mp4\"}";

        expect(control("null"), "control_video", "control_video is missing");
        expect(control(video + ",\"strength\":0.5"), "strength", "for edits only");
        expect(control(video + ",\"video\":" + video), "control_video", "together with video");
        expect(control("{\"key\":\"inputs/none.mp4\"}"), "control_video", "no such object");
        expect(control("\"%s\"".formatted(JobId.next())), "control_video.id", "no such video");
        expect(control("{\"key\":\"/a\"}"), "control_video.key", "must be segments");
        expect(post("edits", Cards.FUN_CONTROL, video), "video", "from a control video and a prompt");
        expect(post("extensions", Cards.FUN_CONTROL, video), "video", "cannot be gone on with");
        expect(
                create(Cards.COGVIDEOX_2B, "\"control_video\":" + video),
                "control_video",
                "this model draws along no other video");
        expect(post("edits", Cards.COGVIDEOX_2B, "null,\"control_video\":" + video), "video", "is required");
    }

    @Test
    void shouldTakeALineOfABatchThatNamesAKey() throws Exception {
        store.put("inputs/mine/ball.mp4", file("....ftypisom", 99), "video/mp4");

        batch("{\"key\":\"inputs/mine/ball.mp4\"}").statusCode(202);
        batch("{\"key\":\"inputs/mine/none.mp4\"}")
                .statusCode(400)
                .body("error.param", equalTo(null))
                .body("errors.data[0].param", equalTo("video"))
                .body("errors.data[0].message", containsString("no such object"));
        batch("\"%s\"".formatted(JobId.next()))
                .statusCode(400)
                .body("errors.data[0].param", equalTo("video"))
                .body("errors.data[0].message", containsString("in a batch"));
    }

    @Test
    void shouldTakeTheLargestVideoThatMayBeAndNoLargerOne() throws Exception {
        form(file("....ftypisom", MOST_BYTES)).statusCode(202);
        form(file("....ftypisom", MOST_BYTES + 1))
                .statusCode(413)
                .body("error.code", equalTo("body_too_large"))
                .body("error.param", equalTo("video"));
        form(file("....ftypisom", MOST_BYTES + (2 << 20)))
                .statusCode(413)
                .body("error.message", containsString(Integer.toString(MOST_BYTES + (1 << 20))));

        byte[] large = file("....ftypisom", (int) VideoReference.MAX_BYTES + 1);
        store.put("inputs/mine/large.mp4", large, "video/mp4");
        expect(
                post("edits", Cards.COGVIDEOX_2B, "{\"key\":\"inputs/mine/large.mp4\"}"),
                "video",
                "at most 67108864 (64 MiB)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "edits      | {'key':'inputs/absent.mp4'}                        | video          | no such object",
                "edits      | {'key':'../etc/passwd'}                            | video.key      | must be segments",
                "edits      | {}                                                 | video          | one of id and key",
                "edits      | {'id':'1','key':'a'}                               | video          | one of id and key",
                "edits      | {'url':'https://example.com/a.mp4'}                | video.url      | not a known field",
                "edits      | 17                                                 | video          | must be",
                "edits      | null                                               | video          | is required",
                "edits      | '019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f'             | video.id       | no such video",
                "edits      | 'x'                                                | video.id       | no such video",
                "edits      | {'key':'inputs/mine/a.txt'}                        | video          | MP4, MOV, WebM",
                "edits      | {'key':'inputs/mine/a.mp4'},'strength':0           | strength       | greater than 0",
                "edits      | {'key':'inputs/mine/a.mp4'},'strength':1.1         | strength       | less than or equal to 1",
                "edits      | {'key':'inputs/mine/a.mp4'},'strength':0.01       | strength       | leaves none of 50 steps",
                "edits      | {'key':'inputs/mine/a.mp4'},'input_reference':{'key':'a'} | video   | together with input_reference",
                "extensions | {'key':'inputs/mine/a.mp4'},'strength':0.5         | strength       | for edits only",
                "extensions | {'key':'inputs/mine/a.mp4'},'seconds':'x'          | seconds        | whole number",
            })
    void shouldSayWhatIsWrong(String operation, String video, String param, String message) throws Exception {
        store.put("inputs/mine/a.txt", "a text that is no video".getBytes(ISO_8859_1), "text/plain");
        store.put("inputs/mine/a.mp4", file("....ftypisom", 99), "video/mp4");
        ModelCard model = operation.equals("edits") ? Cards.COGVIDEOX_2B : Cards.COGVIDEOX_5B_I2V;

        expect(post(operation, model, video.replace('\'', '"')), param, message);
    }

    @Test
    void shouldSayWhichModelsDoIt() {
        expect(
                post("edits", Cards.COGVIDEOX_5B_I2V, "{\"key\":\"inputs/a.mp4\"}"),
                "video",
                "a text-to-video model takes one");
        expect(
                post("extensions", Cards.COGVIDEOX_2B, "{\"key\":\"inputs/a.mp4\"}"),
                "video",
                "an image-to-video model goes on");
        expect(form(Images.image("png")), "video", "MP4, MOV, WebM");
        given().multiPart("video", "a.mp4", file("....ftypisom", 99))
                .multiPart("video[id]", JobId.next().toString())
                .multiPart("prompt", "a red ball")
                .post("/v1/videos/edits")
                .then()
                .statusCode(400)
                .body("error.message", containsString("as a file and as text"));
    }

    @Test
    void shouldSayThatAJobHasNoVideo() {
        JobSnapshot open = Jobs.started(JobId.next());
        JobSnapshot cancelled = Jobs.started(JobId.next()).cancelled(Jobs.TIME.plusSeconds(2));
        others.snapshot(open);
        others.snapshot(cancelled);

        post("edits", Cards.COGVIDEOX_2B, "\"%s\"".formatted(open.id()))
                .statusCode(409)
                .body("error.code", equalTo("video_not_ready"))
                .body("error.param", equalTo("video.id"));
        expect(post("edits", Cards.COGVIDEOX_2B, "\"%s\"".formatted(cancelled.id())), "video.id", "is cancelled");
    }

    @Test
    void shouldTellAnEditFromAnExtensionOfTheSameKey() throws Exception {
        store.put("inputs/mine/a.mp4", file("....ftypisom", 99), "video/mp4");
        workers.announce(Cards.COGVIDEOX_5B_I2V);
        String key = JobId.next().toString();
        String body = "{\"prompt\":\"a\",\"model\":\"%s\",\"video\":{\"key\":\"inputs/mine/a.mp4\"}}"
                .formatted(Cards.COGVIDEOX_5B_I2V.id());

        String first = keyed(key, "extensions", body).statusCode(202).extract().path("id");
        keyed(key, "extensions", body).statusCode(202).body("id", equalTo(first));
        keyed(key, "edits", body).statusCode(422).body("error.code", equalTo("idempotency_key_reused"));
        keyed(JobId.next().toString(), "extensions", body).statusCode(202).body("id", not(equalTo(first)));
    }

    @Test
    void shouldRemoveTheVideoOfARequestThatTheBrokerRefused() throws Exception {
        var submission = new BrokerAway(new RecordTooLargeException("too large"));
        QuarkusMock.installMockForType(submission, Submission.class);

        form(file("....ftypisom", 99)).statusCode(503);

        String key = submission.refused().get(0).inputVideo().key();
        assertThat(key).startsWith("inputs/");
        assertThat(store.size(key)).isEmpty();
    }

    @Test
    void shouldSayThatTheStoreIsAway() throws Exception {
        QuarkusMock.installMockForType(StoreAway.videos(), InputVideos.class);

        form(file("....ftypisom", 99)).statusCode(503).body("error.code", equalTo("store_unavailable"));
        post("edits", Cards.COGVIDEOX_2B, "{\"key\":\"inputs/any.mp4\"}")
                .statusCode(503)
                .header("Retry-After", "5")
                .body("error.code", equalTo("store_unavailable"));
    }

    private static byte[] file(String head, int bytes) {
        return Arrays.copyOf(head.replace('.', '\0').getBytes(ISO_8859_1), bytes);
    }

    private static ValidatableResponse form(byte[] file) {
        return given().multiPart("video", "a.mp4", file)
                .multiPart("prompt", "a red ball")
                .multiPart("model", Cards.COGVIDEOX_2B.id())
                .multiPart("strength", "0.6")
                .post("/v1/videos/edits")
                .then();
    }

    private static ValidatableResponse post(String operation, ModelCard model, String video) {
        return given().contentType(ContentType.JSON)
                .body("{\"prompt\":\"a red ball\",\"model\":\"%s\",\"video\":%s}".formatted(model.id(), video))
                .post("/v1/videos/" + operation)
                .then();
    }

    private static ValidatableResponse control(String video) {
        return create(Cards.FUN_CONTROL, "\"control_video\":" + video);
    }

    private static ValidatableResponse create(ModelCard model, String field) {
        return given().contentType(ContentType.JSON)
                .body("{\"prompt\":\"a dancer\",\"model\":\"%s\",%s}".formatted(model.id(), field))
                .post("/v1/videos")
                .then();
    }

    private static ValidatableResponse keyed(String key, String operation, String body) {
        return given().contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body(body)
                .post("/v1/videos/" + operation)
                .then();
    }

    private static ValidatableResponse batch(String video) {
        return given().contentType("application/jsonl")
                .body("{\"prompt\":\"a\",\"model\":\"%s\",\"video\":%s}"
                        .formatted(Cards.COGVIDEOX_2B.id(), video)
                        .getBytes(ISO_8859_1))
                .post("/v1/videos/batches")
                .then();
    }

    private static void expect(ValidatableResponse response, String param, String message) {
        response.statusCode(400)
                .contentType(ContentType.JSON)
                .body("error.code", equalTo("invalid_value"))
                .body("error.param", equalTo(param))
                .body("error.message", containsString(message));
    }

    private VideoRequest request(ModelCard model, String id) throws Exception {
        var records = TopicRecords.of(broker, model.topic(), id);
        assertThat(records).hasSize(1);
        return JsonCodec.read(records.get(0).value(), VideoRequest.class);
    }
}
