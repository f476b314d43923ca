package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.storage.ObjectStore;
import io.text2video.common.storage.S3Config;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Jobs;
import io.text2video.gateway.fleet.Management;
import io.text2video.gateway.fleet.OtherPrograms;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@Tag("waits")
@QuarkusTest
@TestProfile(SlowDownloadsTest.FewThreads.class)
@QuarkusTestResource(GatewayFleetResource.class)
class SlowDownloadsTest {
    /**
     * Far fewer than clients: one that kept a thread and waited for another one would stop everything for ever. And few
     * downloads, which are cut off soon.
     */
    public static class FewThreads implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.thread-pool.max-threads", "8",
                    "download.at-once", "16",
                    "download.write-timeout", "5s");
        }
    }

    private static final int CLIENTS = 300;
    /** More than the sockets' buffers take. */
    private static final int SIZE = 16 << 20;

    /** More than a refusal has, and enough of a download to see its headers. */
    private static final int HEAD = 2048;

    private static final int RECEIVE_BUFFER = 4096;
    private static final Duration HANGS = Duration.ofSeconds(60);

    @Inject
    OtherPrograms others;

    @Inject
    S3Config s3;

    private final JobId id = JobId.next();
    private final String path = "/v1/videos/" + id + "/content";
    private final List<Socket> clients = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void completeAJob() throws Exception {
        try (var store = new ObjectStore(s3)) {
            store.put(ObjectKeys.video(id, new AttemptId(1, 1)), new byte[SIZE], "video/mp4");
        }
        others.snapshot(Jobs.completed(id, SIZE));
        given().get("/v1/videos/" + id).then().statusCode(200);
    }

    @AfterEach
    void leave() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }

    @Test
    void shouldAnswerAllElseWhileThreeHundredClientsTakeNothing() throws Exception {
        // Given
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(askAndTakeNothing());
        }

        // When
        var created = send(request("/v1/videos")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"a red ball\"}")));
        String location = created.headers().firstValue("Location").orElseThrow();
        var answers = List.of(
                send(request("/v1/videos")),
                send(HttpRequest.newBuilder(URI.create(Management.url("/q/health/live")))),
                send(HttpRequest.newBuilder(URI.create(Management.url("/q/health/ready")))),
                send(request(URI.create(location).getPath() + "/cancel").POST(HttpRequest.BodyPublishers.noBody())),
                send(request(URI.create(location).getPath()).DELETE()));

        // Then
        assertThat(created.statusCode()).isEqualTo(202);
        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
        List<String> heads = new ArrayList<>();
        for (Socket client : clients) {
            heads.add(new String(client.getInputStream().readNBytes(HEAD), US_ASCII));
        }
        assertThat(heads)
                .allMatch(head -> head.startsWith("HTTP/1.1 200") || isRefusal(head))
                .anyMatch(SlowDownloadsTest::isRefusal)
                .anyMatch(head -> head.startsWith("HTTP/1.1 200"));

        // And who takes what comes is served again, once they are cut off
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().untilAsserted(() -> {
            var response = given().get(path);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.asByteArray()).hasSize(SIZE);
        });
    }

    private static boolean isRefusal(String head) {
        return head.startsWith("HTTP/1.1 503")
                && head.toLowerCase(Locale.ROOT).contains("retry-after: 5")
                && head.contains("overloaded");
    }

    private Socket askAndTakeNothing() throws IOException {
        var client = new Socket();
        client.setReceiveBufferSize(RECEIVE_BUFFER);
        client.setSoTimeout((int) HANGS.toMillis());
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), RestAssured.port));
        client.getOutputStream()
                .write("GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                        .formatted(path)
                        .getBytes(US_ASCII));
        return client;
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                .timeout(HANGS);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
