package io.text2video.gateway.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.text2video.gateway.fleet.GatewayFleetResource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that send the headers of their requests byte by byte. */
@Tag("slow")
@Tag("waits")
@QuarkusTest
@TestProfile(SlowHeadsTest.ShortHeads.class)
@QuarkusTestResource(GatewayFleetResource.class)
class SlowHeadsTest {
    /** Far fewer threads than clients, and requests that are to come soon, if they come. */
    public static class ShortHeads implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.thread-pool.max-threads", "8", "body.timeout", "2s");
        }
    }

    private static final int CLIENTS = 1000;
    private static final Duration HANGS = Duration.ofSeconds(60);
    private static final String BEGIN = "GET /v1/videos/none HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
    private static final String WHOLE = BEGIN + "no\r\n\r\n";

    private final List<Socket> clients = new ArrayList<>();
    private final List<HttpClient> others = Stream.of(HttpClient.Version.values())
            .map(version -> HttpClient.newBuilder().version(version).build())
            .toList();

    @AfterEach
    void leave() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }

    @Test
    void shouldCutOffAThousandAndServeAllOthers() throws Exception {
        // Given connections that have had an answer, one more each after that of a slow client
        assertThat(statuses()).containsOnly(200);
        Socket idle = connect();
        assertThat(answer(idle, WHOLE)).startsWith("HTTP/1.1 404");
        Socket slowLater = connect();
        assertThat(answer(slowLater, WHOLE)).startsWith("HTTP/1.1 404");

        // When
        List<Socket> slow = new ArrayList<>(List.of(slowLater));
        while (slow.size() < CLIENTS) {
            slow.add(connect());
        }
        for (Socket client : slow) {
            send(client, BEGIN);
        }

        // Then
        assertThat(statuses()).containsOnly(200);
        await().atMost(HANGS).until(() -> {
            slow.removeIf(client -> !takes(client, "a"));
            return slow.isEmpty();
        });

        // And who only says nothing is not cut off
        assertThat(answer(idle, WHOLE)).startsWith("HTTP/1.1 404");
        assertThat(statuses()).containsOnly(200);
    }

    private Socket connect() throws IOException {
        var client = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
        client.setSoTimeout((int) HANGS.toMillis());
        clients.add(client);
        return client;
    }

    private static boolean takes(Socket client, String bytes) {
        try {
            send(client, bytes);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void send(Socket client, String bytes) throws IOException {
        client.getOutputStream().write(bytes.getBytes(US_ASCII));
    }

    /** To its last byte. */
    private static String answer(Socket client, String request) throws IOException {
        send(client, request);
        var answer = new StringBuilder();
        for (int next = 0; !answer.toString().endsWith("}}") && next >= 0; ) {
            next = client.getInputStream().read();
            answer.append((char) next);
        }
        return answer.toString();
    }

    private List<Integer> statuses() throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (HttpClient other : others) {
            var request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/v1/videos"))
                    .timeout(HANGS)
                    .build();
            statuses.add(
                    other.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
        }
        return statuses;
    }
}
