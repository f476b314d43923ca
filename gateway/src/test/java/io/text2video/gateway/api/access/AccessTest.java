package io.text2video.gateway.api.access;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.text2video.common.access.ApiKeySecret;
import io.text2video.common.job.Tenant;
import io.text2video.gateway.api.events.EventClient;
import io.text2video.gateway.fleet.Keys;
import io.text2video.gateway.fleet.OidcProvider;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
@Tag("waits")
@QuarkusTest
@TestProfile(WithAccess.class)
class AccessTest {
    private static final Tenant ACME = new Tenant("acme");

    @Inject
    Keys keys;

    @ConfigProperty(name = "quarkus.oidc.auth-server-url")
    String provider;

    @Test
    void shouldAskForAKey() {
        assertRefused(given().get("/v1/videos").then()).body("error.message", containsString("Authorization: Bearer"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer ",
                "Bearer t2v_",
                "Bearer t2v_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "Bearer none.of.anybody",
                "Basic dXNlcjpwYXNzd29yZA==",
                "t2v_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void shouldRefuseWhatIsNoKey(String authorization) {
        assertRefused(
                given().header("Authorization", authorization).get("/v1/videos").then());
    }

    @Test
    void shouldTakeAKeyUntilItIsRevoked() {
        // Given
        ApiKeySecret key = keys.create(ACME);
        given().auth().oauth2(key.text()).get("/v1/videos").then().statusCode(200);

        // When
        keys.revoke(key);

        // Then
        Keys.awaitStatus(key, 401);
        assertRefused(given().auth().oauth2(key.text()).get("/v1/videos").then());
    }

    @Test
    void shouldEndTheStreamsOfAKeyThatIsRevoked() throws Exception {
        // Given a tenant without jobs
        ApiKeySecret key = keys.create(new Tenant("idle"));
        try (var client = EventClient.follow("/v1/videos/events", null, key.text())) {
            // When
            keys.revoke(key);

            // Then
            assertThat(client.next()).isNull();
        }
    }

    @Test
    void shouldRefuseAKeyThatHasExpired() {
        ApiKeySecret expired = ApiKeySecret.random();
        keys.write(expired, ACME, Instant.now().minusSeconds(1));
        // Which is read after it.
        keys.create(ACME);

        assertRefused(given().auth().oauth2(expired.text()).get("/v1/videos").then());
    }

    @Test
    void shouldRefuseABodyUnread() throws Exception {
        String head = "POST /v1/videos HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 10000000\r\n\r\n{";

        try (var socket = send(head);
                var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))) {
            assertThat(lines.readLine()).startsWith("HTTP/1.1 401 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/videos",
                "/v1/videos/",
                "//v1/videos",
                "/v1//videos",
                "/%76%31/videos",
                "/v1/%76ideos",
                "/./v1/videos",
                "/x/../v1/videos",
                "/v1;a=b/videos",
                "/;a=b/v1/videos",
                "/V1/videos",
                "/v1/models?x=/q/health"
            })
    void shouldLetNobodyPastByTheSpellingOfThePath(String path) throws Exception {
        assertThat(answer("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .matches("(?s)HTTP/1.1 40[14] .*");
    }

    @Test
    void shouldDescribeTheApiToEverybody() {
        given().get("/openapi").then().statusCode(200);
    }

    @Test
    void shouldTakeATokenOfTheProvider() throws Exception {
        String token = token("/sign", "\"tenant\":\"acme\",\"exp\":" + in(60));

        given().auth()
                .oauth2(token)
                .contentType(ContentType.JSON)
                .body("{\"prompt\":\"a red ball\"}")
                .post("/v1/videos")
                .then()
                .statusCode(202);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // signed by somebody else; expired; for others
                "/forge | 'tenant':'acme','exp':%d                  |  60 | 401",
                "/sign  | 'tenant':'acme','exp':%d                  | -60 | 401",
                "/sign  | 'tenant':'acme','aud':'others','exp':%d   |  60 | 401",
                // of nobody that there can be
                "/sign  | 'exp':%d                                  |  60 | 403",
                "/sign  | 'tenant':'A C','exp':%d                   |  60 | 403",
                "/sign  | 'tenant':['acme','other'],'exp':%d        |  60 | 403",
            },
            quoteCharacter = '`')
    void shouldRefuseOtherTokens(String signer, String claims, long seconds, int status) throws Exception {
        String token = token(signer, claims.replace('\'', '"').formatted(in(seconds)));

        given().auth()
                .oauth2(token)
                .get("/v1/videos")
                .then()
                .statusCode(status)
                .body("error.code", equalTo(status == 401 ? "invalid_api_key" : "forbidden"));
    }

    private static ValidatableResponse assertRefused(ValidatableResponse response) {
        return response.statusCode(401)
                .header("WWW-Authenticate", "Bearer")
                .contentType(ContentType.JSON)
                .body("error.type", equalTo("invalid_request_error"))
                .body("error.code", equalTo("invalid_api_key"));
    }

    private String token(String signer, String claims) {
        return given().body(OidcProvider.claims(provider, claims))
                .post(provider + signer)
                .asString();
    }

    private static long in(long seconds) {
        return Instant.now().plusSeconds(seconds).getEpochSecond();
    }

    /** To a request that is sent as it stands. */
    private static String answer(String request) throws IOException {
        try (var socket = send(request)) {
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    private static Socket send(String request) throws IOException {
        var socket = new Socket("localhost", RestAssured.port);
        socket.setSoTimeout(120_000);
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        return socket;
    }
}
