package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.text2video.common.job.InputReference;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.commands.BrokerAway;
import io.text2video.gateway.commands.Submission;
import io.text2video.gateway.fleet.Announcements;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Images;
import io.text2video.gateway.storage.InputImages;
import io.text2video.gateway.storage.StoreAway;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
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
class InputReferenceTest {
    private static final int MOST_BYTES = 10 << 20;

    @Inject
    Announcements workers;

    @Inject
    S3Config s3;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private ObjectStore store;

    @BeforeEach
    void announce() {
        workers.announce(Cards.COGVIDEOX_2B, Cards.COGVIDEOX_5B_I2V);
        store = new ObjectStore(s3);
    }

    @AfterEach
    void forget() {
        store.close();
        workers.forgetAll();
    }

    @ParameterizedTest
    @CsvSource({"png,png", "jpg,jpg", "webp,webp"})
    void shouldStoreTheFileOfAForm(String format, String extension) throws Exception {
        byte[] file = format.equals("webp") ? Images.webp() : Images.image(format);

        String id = given().multiPart("input_reference", "whatever.bin", file)
                .multiPart("prompt", "a red ball")
                .multiPart("model", Cards.COGVIDEOX_5B_I2V.id())
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .extract()
                .path("id");

        String key = "inputs/" + id + "." + extension;
        assertThat(request(id).inputReference()).isEqualTo(new InputReference(key));
        assertThat(store.read(key)).hasValue(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"image_url\":\"%s\"}", "\"%s\""})
    void shouldStoreADataUrl(String form) throws Exception {
        byte[] file = Images.image("png");

        String id = post(form.formatted(Images.dataUrl(file)))
                .statusCode(202)
                .extract()
                .path("id");

        assertThat(request(id).inputReference()).isEqualTo(new InputReference("inputs/" + id + ".png"));
        assertThat(store.read("inputs/" + id + ".png")).hasValue(file);
    }

    @Test
    void shouldPassOnTheKeyOfAnImageThatIsThere() throws Exception {
        store.putIfAbsent("inputs/mine/ball.png", Images.image("png"), "image/png");

        String id = post("{\"key\":\"inputs/mine/ball.png\"}")
                .statusCode(202)
                .extract()
                .path("id");

        assertThat(request(id).inputReference()).isEqualTo(new InputReference("inputs/mine/ball.png"));
    }

    @Test
    void shouldTakeTheLargestImageThatMayBe() {
        post("{\"image_url\":\"" + Images.dataUrl(Images.ofBytes(MOST_BYTES)) + "\"}")
                .statusCode(202);
        form(Images.ofBytes(MOST_BYTES)).statusCode(202);
    }

    @Test
    void shouldRefuseATooLargeImage() throws Exception {
        byte[] file = Images.ofBytes(MOST_BYTES + 1);
        store.putIfAbsent("inputs/large.png", file, "image/png");

        expect(form(file), 413, "body_too_large", "input_reference");
        expect(post("{\"image_url\":\"" + Images.dataUrl(file) + "\"}"), 413, "body_too_large", "input_reference");
        expect(post("{\"key\":\"inputs/large.png\"}"), 400, "invalid_value", "input_reference");
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, 17, 15029592",
        "multipart/form-data; boundary=x, 12, 11534336",
        "multipart/form-data; boundary=x, 17, 11534336",
        "text/plain, 2, 1048576",
    })
    void shouldRefuseATooLargeBodyBeforeItIsRead(String contentType, int mebibytes, int most) throws Exception {
        var body = HttpRequest.BodyPublishers.ofByteArray(new byte[mebibytes << 20]);
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/v1/videos"))
                .header("Content-Type", contentType)
                .POST(body);

        var response = HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("body_too_large", Integer.toString(most));
    }

    @Test
    void shouldRefuseAFileThatIsNoImage() {
        byte[] gif = "GIF89a and so on".getBytes(StandardCharsets.US_ASCII);

        expect(form(gif), 400, "invalid_value", "input_reference")
                .body("error.message", containsString("looks like GIF"));
        expect(form(new byte[0]), 400, "invalid_value", "input_reference");
        expect(form(Images.bomb()), 400, "invalid_value", "input_reference")
                .body("error.message", containsString("60000x60000"));
        expect(post("\"" + Images.dataUrl(gif) + "\""), 400, "invalid_value", "input_reference");
        expect(post("\"" + Images.dataUrl(Images.bomb()) + "\""), 400, "invalid_value", "input_reference");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"http://127.0.0.1:1/x.png\"                 | input_reference         | no other is fetched",
                "{\"image_url\":\"https://example.com/x.png\"} | input_reference        | no other is fetched",
                "{\"image_url\":\"data:image/png,abc\"}       | input_reference         | base64",
                "{\"image_url\":\"data:image/png;base64,a*\"} | input_reference         | not valid base64",
                "{}                                           | input_reference         | one of image_url and key",
                "{\"image_url\":\"data:;base64,\",\"key\":\"a\"} | input_reference      | one of image_url and key",
                "{\"key\":\"inputs/absent.png\"}              | input_reference         | no such object",
                "{\"key\":\"../etc/passwd\"}                  | input_reference.key     | must be segments",
                "{\"key\":\"/inputs/x\"}                      | input_reference.key     | must be segments",
                "{\"file_id\":\"file-1\"}                     | input_reference.file_id | not a known field",
                "17                                           | input_reference         | must be",
            })
    void shouldRefuseWhatIsNoReference(String reference, String param, String message) {
        expect(post(reference), 400, "invalid_value", param).body("error.message", containsString(message));
    }

    @Test
    void shouldHaveAnImageWhereTheModelWantsOneAndNowhereElse() {
        expect(post("null"), 400, "invalid_value", "input_reference")
                .body("error.message", containsString("from an image and a prompt"));
        given().contentType(ContentType.JSON)
                .body("{\"prompt\":\"a\",\"input_reference\":\"%s\"}".formatted(Images.dataUrl(Images.image("png"))))
                .post("/v1/videos")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("input_reference"))
                .body("error.message", containsString("from a prompt alone"));
    }

    @Test
    void shouldSayThatTheStoreIsAway() throws Exception {
        QuarkusMock.installMockForType(StoreAway.images(), InputImages.class);

        for (var response : new ValidatableResponse[] {
            form(Images.image("png")),
            post("\"" + Images.dataUrl(Images.image("png")) + "\""),
            post("{\"key\":\"inputs/any.png\"}")
        }) {
            response.statusCode(503)
                    .header("Retry-After", "5")
                    .body("error.code", equalTo("store_unavailable"))
                    .body("error.type", equalTo("server_error"));
        }
    }

    @Test
    void shouldRemoveTheImageOfARequestThatTheBrokerRefused() throws Exception {
        VideoRequest request = refused(new BrokerAway(new RecordTooLargeException("too large")));

        assertThat(store.size(request.inputReference().key())).isEmpty();
    }

    @Test
    void shouldKeepTheImageOfARequestThatMayHaveReachedItsTopic() throws Exception {
        VideoRequest request = refused(new BrokerAway());

        assertThat(store.size(request.inputReference().key())).isPresent();
    }

    private static VideoRequest refused(BrokerAway submission) {
        QuarkusMock.installMockForType(submission, Submission.class);

        form(Images.image("png")).statusCode(503).body("error.code", equalTo("broker_unavailable"));

        assertThat(submission.refused()).hasSize(1);
        VideoRequest request = submission.refused().get(0);
        assertThat(request.inputReference().key()).isEqualTo("inputs/" + request.id() + ".png");
        return request;
    }

    private static ValidatableResponse form(byte[] file) {
        return given().multiPart("input_reference", "x.png", file)
                .multiPart("prompt", "a red ball")
                .multiPart("model", Cards.COGVIDEOX_5B_I2V.id())
                .post("/v1/videos")
                .then();
    }

    private static ValidatableResponse post(String reference) {
        return given().contentType(ContentType.JSON)
                .body("{\"prompt\":\"a red ball\",\"model\":\"%s\",\"input_reference\":%s}"
                        .formatted(Cards.COGVIDEOX_5B_I2V.id(), reference))
                .post("/v1/videos")
                .then();
    }

    private static ValidatableResponse expect(ValidatableResponse response, int status, String code, String param) {
        return response.statusCode(status)
                .contentType(ContentType.JSON)
                .body("error.code", equalTo(code))
                .body("error.param", equalTo(param));
    }

    private VideoRequest request(String id) throws Exception {
        var records = TopicRecords.of(broker, Cards.IMAGE.topic(), id);
        assertThat(records).hasSize(1);
        return JsonCodec.read(records.get(0).value(), VideoRequest.class);
    }
}
