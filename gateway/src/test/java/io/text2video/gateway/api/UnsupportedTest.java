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

/** What OpenAI's clients know and the fleet does not. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class UnsupportedTest {
    @Test
    void shouldSayWhatIsMissing() {
        String path = "/v1/videos/characters";

        expect(given().contentType(ContentType.JSON).body("{\"name\":\"a\"}").post(path));
        expect(given().multiPart("video", "a.mp4", new byte[1 << 20]).post(path));
        expect(given().post(path));
    }

    @Test
    void shouldKnowNoCharacters() {
        expect(given().get("/v1/videos/characters/char_17"));
    }

    private static void expect(Response response) {
        response.then()
                .statusCode(501)
                .contentType(ContentType.JSON)
                .header("x-should-retry", "false")
                .body("error.code", equalTo("not_supported"))
                .body("error.param", nullValue())
                .body("error.message", containsString("not supported"))
                .body("error.message", containsString("no model here keeps one"));
    }
}
