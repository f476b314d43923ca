package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.builder.MultiPartSpecBuilder;
import io.restassured.http.ContentType;
import io.restassured.specification.MultiPartSpecification;
import io.text2video.gateway.fleet.Announcements;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.GatewayFleetResource;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
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

    @AfterEach
    void forget() {
        workers.forgetAll();
        given().get("/v1/models").then().body("data", empty());
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

    @Test
    void shouldRefuseAFileThatNoFieldTakes() {
        given().multiPart("prompt", "prompt.txt", "a red ball".getBytes(StandardCharsets.UTF_8))
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

    private static MultiPartSpecification field(String name, String value) {
        return new MultiPartSpecBuilder(value)
                .controlName(name)
                .mimeType("text/plain")
                .charset(StandardCharsets.UTF_8)
                .build();
    }
}
