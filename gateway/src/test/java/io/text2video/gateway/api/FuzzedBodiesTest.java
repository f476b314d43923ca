package io.text2video.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.text2video.gateway.fleet.GatewayFleetResource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Bodies that nobody would write: valid ones with bytes changed, cut out, doubled or put in. Whatever comes, the gateway has
 * an answer of its own, and it is never its own fault. {@code -Dfuzz.bodies=100000} tries more of them.
 */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class FuzzedBodiesTest {
    private static final int BODIES = Integer.getInteger("fuzz.bodies", 4000);
    private static final List<String> TYPES = List.of(
            "application/json",
            "application/json; charset=utf-16",
            "multipart/form-data; boundary=x",
            "multipart/form-data; boundary=\"x\"; charset=utf-7",
            "multipart/form-data");
    private static final List<String> VALID = List.of(
            """
            {"prompt":"a red ball","size":"64x64","fps":8,"seed":42,"guidance_scale":6.5,\
            "use_dynamic_cfg":true,"loras":[{"id":"rain","scale":0.5}],"webhook":{"url":"https://example.com/h"}}""",
            "{\"prompt\":\"größer 赤 \\ud83d\\ude00\",\"seconds\":\"6\",\"input_reference\":{\"image_url\":\"data:image/png;base64,aaaa\"}}",
            form(
                    "prompt",
                    "a red ball",
                    "fps",
                    "8",
                    "loras",
                    "[{\"id\":\"rain\"}]",
                    "webhook[url]",
                    "https://example.com/h"),
            form("prompt", "größer 赤", "loras[0][id]", "rain", "loras[0][scale]", "0.5", "loras[][id]", "snow"),
            form("prompt", "a", "input_reference\"; filename=\"a.png", "éPNG", "seconds", "6", "seed", "-1"));
    private static final List<String> PIECES = List.of(
            "\"",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "null",
            "1e999",
            "-1",
            "99999999999999999999",
            "\\ud83d",
            "\\u0000",
            "\0",
            "[[[[[[[[[[[[[[[[[[[[[[",
            "\r\n",
            "--x",
            "--x--",
            "Content-Disposition: form-data; name=",
            "; filename=a",
            "Content-Transfer-Encoding: base64\r\n",
            "Content-Transfer-Encoding: quoted-printable\r\n",
            "Content-Type: text/plain; charset=utf-32\r\n",
            "prompt",
            "[]",
            "[9]",
            "=",
            "é");

    private final List<HttpClient> clients = Stream.of(HttpClient.Version.values())
            .map(version -> HttpClient.newBuilder().version(version).build())
            .toList();

    @Test
    void shouldAnswerEveryBodyInItsOwnShape() throws Exception {
        var random = new Random(17);
        for (int i = 0; i < BODIES; i++) {
            String type = TYPES.get(random.nextInt(TYPES.size()));
            byte[] body = mutated(VALID.get(random.nextInt(VALID.size())), random);

            HttpResponse<String> answer = send(clients.get(i % clients.size()), type, body);

            assertThat(answer.statusCode())
                    .as("answer to body %d, %s:%n%s%n%s", i, type, new String(body, UTF_8), answer.body())
                    .isIn(202, 400, 413, 415);
            if (answer.statusCode() != 202) {
                JsonNode error = new ObjectMapper().readTree(answer.body()).path("error");
                assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
                assertThat(error.path("message").asText())
                        .as("message for body %d, %s:%n%s", i, type, new String(body, UTF_8))
                        .isNotBlank()
                        .doesNotContainIgnoringCase("jackson", "java.", "text2video.", "StreamRead", "[Source");
            }
        }
    }

    private static byte[] mutated(String valid, Random random) {
        byte[] body = valid.getBytes(UTF_8);
        for (int changes = random.nextInt(5); changes > 0 && body.length > 0; changes--) {
            int at = random.nextInt(body.length);
            int to = at + random.nextInt(Math.min(40, body.length - at));
            body = switch (random.nextInt(6)) {
                case 0 -> join(body, 0, at, new byte[] {(byte) random.nextInt(256)}, Math.min(at + 1, body.length));
                case 1 -> join(body, 0, at, new byte[0], to);
                case 2 -> join(body, 0, at, new byte[0], body.length);
                case 3 -> join(body, 0, to, new byte[0], at);
                default ->
                    join(body, 0, at, PIECES.get(random.nextInt(PIECES.size())).getBytes(UTF_8), at);
            };
        }
        return body;
    }

    /** The body up to {@code end}, then what is put in, then the body from {@code next} on. */
    private static byte[] join(byte[] body, int start, int end, byte[] middle, int next) {
        byte[] joined = new byte[end - start + middle.length + body.length - next];
        System.arraycopy(body, start, joined, 0, end - start);
        System.arraycopy(middle, 0, joined, end - start, middle.length);
        System.arraycopy(body, next, joined, end - start + middle.length, body.length - next);
        return joined;
    }

    private static String form(String... fields) {
        var form = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            form.append("--x\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                    .formatted(fields[i], fields[i + 1]));
        }
        return form.append("--x--\r\n").toString();
    }

    private static HttpResponse<String> send(HttpClient client, String contentType, byte[] body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/v1/videos"))
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
