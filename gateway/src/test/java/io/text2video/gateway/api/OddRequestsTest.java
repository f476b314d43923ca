package io.text2video.gateway.api;

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
import java.io.OutputStream;
import java.net.Socket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that no client's library lets through. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class OddRequestsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /v1/videos HTTP/1.1~~                                            | 400 | bad_request",
                "GET /v1/videos HTTP/1.1~Host: a b~~                                  | 400 | bad_request",
                "GET /v1/videos?limit=%ff HTTP/1.1~Host: a~~                          | 400 | invalid_value",
                "PROPFIND /v1/videos HTTP/1.1~Host: a~~                               | 405 | method_not_allowed",
                "GET /v1/videos HTTP/1.1~Host: a~Accept: text/html~~                  | 406 | not_acceptable",
                "GET /v1/videos HTTP/1.1~Host: a~Accept: ;~~                          | 406 | not_acceptable",
                "GET /v1/videos/x HTTP/1.1~Host: a~Accept: application/json;q=x~~     | 404 | video_not_found",
                "POST /v1/videos HTTP/1.1~Host: a~Content-Length: 0~~                 | 415 | unsupported_media_type",
                "POST /v1/videos HTTP/1.1~Host: a~Content-Type: application/json~Content-Length: 0~~ | 400 | invalid_json",
            })
    void shouldAnswerInItsOwnShape(String request, int status, String code) throws Exception {
        String answer = answer(request.replace("~", "\r\n"));

        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + " ")
                .containsIgnoringCase("content-type: application/json");
        JsonNode error = new ObjectMapper()
                .readTree(answer.substring(answer.indexOf("\r\n\r\n")))
                .path("error");
        assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
        assertThat(error.path("code").asText()).isEqualTo(code);
    }

    @Test
    void shouldRefuseInItsOwnShapeABodyThatDoesNotSayHowLargeItIs() throws Exception {
        byte[] piece = "100000\r\n%s\r\n".formatted("a".repeat(1 << 20)).getBytes(UTF_8);
        try (var socket = new Socket("localhost", RestAssured.port)) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    "POST /v1/videos HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                            .getBytes(UTF_8));
            for (int i = 0; i < 17; i++) {
                out.write(piece);
            }
            out.write("0\r\n\r\n".getBytes(UTF_8));
            socket.shutdownOutput();

            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 413 ")
                    .contains("\"code\":\"body_too_large\"");
        }
    }

    private static String answer(String request) throws IOException {
        try (var socket = new Socket("localhost", RestAssured.port)) {
            socket.getOutputStream()
                    .write(request.replaceFirst("\r\n", "\r\nConnection: close\r\n")
                            .getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
