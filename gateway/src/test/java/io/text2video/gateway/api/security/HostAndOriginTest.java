package io.text2video.gateway.api.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.text2video.gateway.fleet.GatewayFleetResource;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Web pages of others, in the browser of somebody who reaches the gateway. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class HostAndOriginTest {
    private static final String JSON = "~Content-Type: application/json~Content-Length: 21~~{\"prompt\":\"red ball\"}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "evil.example:8080",
                "api.example",
                "api.example:8081",
                "[::1]",
                "[::1]:8081",
                "[::2]:8080",
                "127.0.0.2",
                "2130706433",
                "notlocalhost",
                "localhost~Host: evil.example",
                "evil.example~Origin: http://evil.example",
                "evil.example~Origin: http://localhost"
            })
    void shouldRefuseHostsThatItIsNotKnownBy(String host) throws Exception {
        for (String path : new String[] {"/v1/videos", "/v1/videos/events", "/openapi", "/"}) {
            String answer = answer("GET " + path + " HTTP/1.1~Host: " + host + "~~");

            assertThat(answer).startsWith("HTTP/1.1 421 ");
            assertThat(error(answer).path("code").asText()).isEqualTo("host_not_allowed");
            assertThat(error(answer).path("param").asText()).isEqualTo("Host");
            assertThat(error(answer).path("message").asText()).contains("GATEWAY_ALLOWED_HOSTS");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST",
                "localhost.",
                "localhost:1",
                "127.0.0.1:8080",
                "[::1]:8080",
                "[0:0:0:0:0:0:0:1]:8080",
                "api.example:8080",
                "public.example",
                "public.example:443"
            })
    void shouldAnswerToEachOfItsNames(String host) throws Exception {
        assertThat(answer("GET /v1/videos?limit=1 HTTP/1.1~Host: " + host + "~~"))
                .startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://evil.example",
                "Origin: http://evil.example:8080",
                "Origin: null",
                "Origin: http://api.example:8081",
                "Origin: http://localhost.evil.example",
                "Origin: http://user@evil.example",
                "Origin: file://",
                "Origin: chrome-extension://abcdefghijklmnop",
                "Origin: https://studio.example.evil.example",
                "Origin: http://studio.example",
                "Origin: https://x.untrusted.example",
                "Origin: https://1.trusted.example",
                "Origin: %%%",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Sec-Fetch-Site: cross-site~Sec-Fetch-Mode: no-cors~Sec-Fetch-Dest: image",
                "Sec-Fetch-Site: cross-site~Sec-Fetch-Mode: navigate~Sec-Fetch-Dest: iframe",
                "Sec-Fetch-Site: cross-site~Origin: https://evil.example"
            })
    void shouldRefusePagesOfOthers(String headers) throws Exception {
        for (String request : new String[] {
            "GET /v1/videos HTTP/1.1~Host: localhost~" + headers + "~~",
            "GET /v1/videos/events HTTP/1.1~Host: localhost~Accept: text/event-stream~" + headers + "~~",
            "POST /v1/videos HTTP/1.1~Host: localhost~" + headers + JSON,
            "OPTIONS /v1/videos HTTP/1.1~Host: localhost~Access-Control-Request-Method: POST~" + headers + "~~"
        }) {
            String answer = answer(request);

            assertThat(answer).startsWith("HTTP/1.1 403 ").doesNotContainIgnoringCase("access-control-allow-origin");
            assertThat(error(answer).path("code").asText()).isEqualTo("origin_not_allowed");
        }
    }

    /** A form may be posted across sites by a click, with what is no JSON in name. */
    @ParameterizedTest
    @ValueSource(strings = {"multipart/form-data; boundary=x", "text/plain", "application/x-www-form-urlencoded", ""})
    void shouldRefuseFormsOfOthers(String type) throws Exception {
        String typed = type.isEmpty() ? "" : "Content-Type: " + type + "~";

        assertThat(answer(
                        "POST /v1/videos HTTP/1.1~Host: localhost~Origin: https://evil.example~Sec-Fetch-Site: cross-site~"
                                + "Sec-Fetch-Mode: navigate~Sec-Fetch-Dest: document~" + typed
                                + "Content-Length: 21~~{\"prompt\":\"red ball\"}"))
                .startsWith("HTTP/1.1 403 ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "localhost            | Origin: http://localhost~Sec-Fetch-Site: same-origin",
                "localhost:8080       | Origin: http://localhost:8080",
                "localhost.           | Origin: http://localhost",
                "[::1]:8080           | Origin: http://[::1]:8080",
                "public.example       | Origin: https://public.example",
                "public.example:443   | Origin: https://public.example",
                "public.example       | Origin: http://api.example:8080",
                "localhost            | Sec-Fetch-Site: same-origin",
                "localhost            | Sec-Fetch-Site: none"
            })
    void shouldTakeItsOwnPages(String host, String headers) throws Exception {
        assertThat(answer("POST /v1/videos HTTP/1.1~Host: " + host + "~" + headers + JSON))
                .startsWith("HTTP/1.1 202 ");
        assertThat(answer("GET /v1/videos?limit=1 HTTP/1.1~Host: " + host + "~" + headers + "~~"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void shouldLetLinksLeadToIt() throws Exception {
        assertThat(answer("GET /openapi HTTP/1.1~Host: localhost~Sec-Fetch-Site: cross-site~Sec-Fetch-Mode: navigate~"
                        + "Sec-Fetch-Dest: document~~"))
                .startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://studio.example", "https://a.trusted.example"})
    void shouldTakePagesThatItsOperatorAllows(String origin) throws Exception {
        assertThat(answer("OPTIONS /v1/videos HTTP/1.1~Host: localhost~Access-Control-Request-Method: POST~Origin: "
                        + origin + "~Sec-Fetch-Site: cross-site~~"))
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("access-control-allow-origin: " + origin);
        assertThat(answer("POST /v1/videos HTTP/1.1~Host: localhost~Origin: " + origin + JSON))
                .startsWith("HTTP/1.1 202 ")
                .containsIgnoringCase("access-control-allow-origin: " + origin);
    }

    @Test
    void shouldRefuseABodyWithoutAType() throws Exception {
        String answer =
                answer("POST /v1/videos HTTP/1.1~Host: localhost~Content-Length: 21~~{\"prompt\":\"red ball\"}");

        assertThat(answer).startsWith("HTTP/1.1 415 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/videos?limit=1 HTTP/1.1~Host: localhost~~",
                "GET /v1/videos/none HTTP/1.1~Host: localhost~~",
                "GET /nowhere HTTP/1.1~Host: localhost~~",
                "GET /v1/videos HTTP/1.1~Host: evil.example~~",
                "PROPFIND /v1/videos HTTP/1.1~Host: localhost~~",
                "GET /openapi HTTP/1.1~Host: localhost~~",
                "GET /swagger-ui/ HTTP/1.1~Host: localhost~~"
            })
    void shouldTellBrowsersWhatTheyMay(String request) throws Exception {
        String answer = answer(request);

        assertThat(answer.lines().takeWhile(line -> !line.isEmpty()))
                .contains(
                        "X-Content-Type-Options: nosniff",
                        "Referrer-Policy: no-referrer",
                        "Cross-Origin-Resource-Policy: same-origin",
                        "Cross-Origin-Opener-Policy: same-origin",
                        "X-Frame-Options: DENY")
                .noneMatch(line -> line.startsWith("Strict-Transport-Security"))
                .filteredOn(line -> line.startsWith("Content-Security-Policy"))
                .singleElement()
                .asString()
                .contains("default-src 'self';", "frame-ancestors 'none'", "object-src 'none'");
        if (!request.contains("swagger")) {
            assertThat(answer).doesNotContain("unsafe-inline");
        }
    }

    private static JsonNode error(String answer) throws IOException {
        return new ObjectMapper()
                .readTree(answer.substring(answer.indexOf("\r\n\r\n")))
                .path("error");
    }

    private static String answer(String request) throws IOException {
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.getOutputStream()
                    .write(request.replaceFirst("~", "~Connection: close~")
                            .replace("~", "\r\n")
                            .getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
