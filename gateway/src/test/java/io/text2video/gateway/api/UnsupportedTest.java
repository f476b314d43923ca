package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.text2video.gateway.fleet.GatewayFleetResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What OpenAI's clients know and the fleet does not. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class UnsupportedTest {
    @ParameterizedTest
    @CsvSource({
        "edits, no model here draws from a video",
        "extensions, no model here goes on with a video",
        "characters, no model here keeps one"
    })
    void shouldSayWhatIsMissing(String operation, String missing) {
        String path = "/v1/videos/" + operation;

        expect(given().contentType(ContentType.JSON).body("{\"prompt\":\"a\"}").post(path), missing);
        expect(given().multiPart("video", "a.mp4", new byte[1 << 20]).post(path), missing);
        expect(given().post(path), missing);
    }

    @Test
    void shouldKnowNoCharacters() {
        expect(given().get("/v1/videos/characters/char_17"), "no model here keeps one");
    }

    private static void expect(Response response, String missing) {
        response.then()
                .statusCode(501)
                .contentType(ContentType.JSON)
                .header("x-should-retry", "false")
                .body("error.code", equalTo("not_supported"))
                .body("error.param", nullValue())
                .body("error.message", containsString("not supported"))
                .body("error.message", containsString(missing));
    }
}
