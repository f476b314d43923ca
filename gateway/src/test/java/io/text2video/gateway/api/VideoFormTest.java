package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.builder.MultiPartSpecBuilder;
import io.restassured.http.ContentType;
import io.restassured.specification.MultiPartSpecification;
import io.restassured.specification.RequestSpecification;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.fleet.Announcements;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Images;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class VideoFormTest {
    @Inject
    Announcements workers;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @AfterEach
    void forget() {
        workers.forgetAll();
    }

    @Test
    void shouldTakeEveryFieldAsItsTypeIs() {
        workers.announce(Cards.COGVIDEOX_2B);

        given().multiPart(field("prompt", "ein roter Ball, größer: 赤"))
                .multiPart(field("model", "THUDM/CogVideoX-2b"))
                .multiPart(field("size", "720x480"))
                .multiPart(field("seconds", "6"))
                .multiPart(field("fps", "8"))
                .multiPart(field("negative_prompt", "42"))
                .multiPart(field("num_inference_steps", "25"))
                .multiPart(field("guidance_scale", "6"))
                .multiPart(field("use_dynamic_cfg", "true"))
                .multiPart(field("eta", "0.5"))
                .multiPart(field("cache_threshold", "0.15"))
                .multiPart(field("seed", "42"))
                .multiPart(field("loras", "[{\"id\":\"rain\",\"scale\":0.5}]"))
                .multiPart(field("webhook", "{\"url\":\"https://example.com/hooks\"}"))
                .post("/v1/videos")
                .then()
                .statusCode(202)
                .body("prompt", equalTo("ein roter Ball, größer: 赤"))
                .body("size", equalTo("720x480"))
                .body("num_frames", equalTo(49))
                .body("negative_prompt", equalTo("42"))
                .body("num_inference_steps", equalTo(25))
                .body("guidance_scale", equalTo(6.0f))
                .body("use_dynamic_cfg", equalTo(true))
                .body("eta", equalTo(0.5f))
                .body("cache_threshold", equalTo(0.15f))
                .body("seed", equalTo(42))
                .body("loras.id", contains("rain"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            value = {
                "num_frames      | abc        | num_frames      | must be a whole number",
                "num_frames      | 17.0       | num_frames      | must be a whole number",
                "num_frames      | 17 18      | num_frames      | must be a whole number",
                "num_frames      | 017        | num_frames      | must be a whole number",
                "num_frames      | ``         | num_frames      | must be a whole number",
                "num_frames      | \"17\"     | num_frames      | must be a whole number",
                "guidance_scale  | high       | guidance_scale  | must be a number",
                "cache_threshold | fast       | cache_threshold | must be a number",
                "cache_threshold | 2          | cache_threshold | must be from 0 (every step is computed) to 1, not 2.0",
                "use_dynamic_cfg | yes        | use_dynamic_cfg | must be true or false",
                "use_dynamic_cfg | 1          | use_dynamic_cfg | must be true or false",
                "loras           | rain       | loras           | must be a JSON array",
                "loras           | [{\"id\":5}] | loras.[0].id  | must be a string, not 5",
                "webhook         | {\"url\":5} | webhook.url   | must be a string, not 5",
                "mood            | calm       | mood            | is not a known field",
                "prompt          | again      | prompt          | was sent 2 times",
                "input_reference | a file     | input_reference | must be a data URL",
                "input_reference | {\"a\":1} | input_reference.a | is not a known field",
                "seconds         | six        | seconds         | must be a whole number",
            })
    void shouldRefuseAFieldAsInJson(String name, String value, String param, String message) {
        given().multiPart(field("prompt", "a red ball"))
                .multiPart(field(name, value))
                .post("/v1/videos")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("invalid_value"))
                .body("error.param", equalTo(param))
                .body("error.message", containsString(message));
    }

    /** As the libraries of OpenAI's clients write nested values. */
    @Test
    void shouldTakeNestedValuesInBrackets() throws Exception {
        workers.announce(Cards.COGVIDEOX_2B);
        String json =
                """
                {"prompt":"a red ball","loras":[{"id":"rain","scale":0.5},{"id":"snow"}],
                 "webhook":{"url":"https://example.com/hooks"},"timesteps":[999,499]}""";

        String byForm = id(given().multiPart(field("prompt", "a red ball"))
                .multiPart(field("loras[][id]", "rain"))
                .multiPart(field("loras[][scale]", "0.5"))
                .multiPart(field("loras[][id]", "snow"))
                .multiPart(field("webhook[url]", "https://example.com/hooks"))
                .multiPart(field("timesteps[]", "999"))
                .multiPart(field("timesteps[]", "499")));
        String byJson = id(given().contentType(ContentType.JSON).body(json));

        assertThat(request(byForm)).isEqualTo(request(byJson));
    }

    @Test
    void shouldTakeAnImageByADataUrlInBrackets() {
        workers.announce(Cards.COGVIDEOX_5B_I2V);

        given().multiPart(field("prompt", "a red ball"))
                .multiPart(field("model", Cards.COGVIDEOX_5B_I2V.id()))
                .multiPart(field("input_reference[image_url]", Images.dataUrl(Images.ofBytes(2 << 20))))
                .post("/v1/videos")
                .then()
                .statusCode(202);
    }

    @Test
    void shouldRefuseAnImageInTwoWays() {
        given().multiPart(field("prompt", "a red ball"))
                .multiPart("input_reference", "ball.png", Images.image("png"))
                .multiPart(field("input_reference[key]", "inputs/ball.png"))
                .post("/v1/videos")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("input_reference"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "multipart/form-data | --x~Content-Disposition: form-data; name=prompt~~a~--x--~ | must name the boundary",
                "multipart/form-data; boundary=\"\" | a | must name the boundary",
                "multipart/form-data; boundary=x | a red ball | it is cut short",
                "multipart/form-data; boundary=x | --x~Content-Disposition: form-data; name=prompt~~a | it must end with --x--",
                "multipart/form-data; boundary=x | --x~Content-Disposition: form-data; name=prompt~~a~--x~ | it is cut short",
                "multipart/form-data; boundary=x | --x~Content-Disposition: form-da | it is cut short",
                "multipart/form-data; boundary=y | --x~Content-Disposition: form-data; name=prompt~~a~--x--~ | it is cut short",
                "multipart/form-data; boundary=x | --x~Content-Disposition~~a~--x--~ | part 1 is malformed",
                "multipart/form-data; boundary=x | --x~~a~--x--~ | part 1 has no name",
                "multipart/form-data; boundary=x | --x~Content-Disposition: form-data~~a~--x--~ | part 1 has no name",
                "multipart/form-data; boundary=x | --x~Content-Disposition: attachment; name=prompt~~a~--x--~ | part 1 has no name",
            })
    void shouldRefuseAFormThatCannotBeRead(String contentType, String body, String message) throws Exception {
        HttpResponse<String> answer =
                send(contentType, body.replace("~", "\r\n").getBytes(UTF_8));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"code\":\"invalid_form\"", "the form cannot be read: ", message);
    }

    @Test
    void shouldRefuseAFormOfVeryManyFields() throws Exception {
        String part = "--x\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n1\r\n";

        HttpResponse<String> answer =
                send("multipart/form-data; boundary=x", (part.repeat(1001) + "--x--\r\n").getBytes(UTF_8));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"code\":\"invalid_form\"", "more than 1000 parts");
    }

    @ParameterizedTest
    @CsvSource({"utf-8", "no-such-charset", "x/y"})
    void shouldRefuseTextThatIsNoneInItsCharset(String charset) throws Exception {
        var body = new ByteArrayOutputStream();
        body.writeBytes(
                "--x\r\nContent-Disposition: form-data; name=prompt\r\nContent-Type: text/plain; charset=%s\r\n\r\n"
                        .formatted(charset)
                        .getBytes(UTF_8));
        body.write(0xff);
        body.writeBytes("\r\n--x--\r\n".getBytes(UTF_8));

        HttpResponse<String> answer = send("multipart/form-data; boundary=x", body.toByteArray());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"param\":\"prompt\"", "prompt must be text in " + charset);
    }

    @Test
    void shouldRefuseAFileThatNoFieldTakes() {
        given().multiPart("prompt", "prompt.txt", "a red ball".getBytes(UTF_8))
                .post("/v1/videos")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("prompt"))
                .body("error.message", containsString("cannot be a file"));
    }

    @Test
    void shouldRefuseAFormWithoutAPrompt() {
        given().multiPart(field("size", "64x64"))
                .post("/v1/videos")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("prompt"));
    }

    @Test
    void shouldRefuseTooMuchText() {
        given().multiPart(field("prompt", "a".repeat(2 << 20)))
                .post("/v1/videos")
                .then()
                .statusCode(413)
                .contentType(ContentType.JSON)
                .body("error.code", equalTo("body_too_large"));
    }

    private static String id(RequestSpecification request) {
        return request.post("/v1/videos").then().statusCode(202).extract().path("id");
    }

    /** What the workers get, but for the id and the time. */
    private JsonNode request(String id) throws Exception {
        var records = TopicRecords.of(broker, Cards.COGVIDEOX_2B.topic(), id);
        assertThat(records).hasSize(1);
        ObjectNode request =
                (ObjectNode) new ObjectMapper().readTree(records.get(0).value());
        return request.without(List.of("id", "created_at"));
    }

    private static HttpResponse<String> send(String contentType, byte[] body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/v1/videos"))
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static MultiPartSpecification field(String name, String value) {
        return new MultiPartSpecBuilder(value)
                .controlName(name)
                .mimeType("text/plain")
                .charset(UTF_8)
                .build();
    }
}
