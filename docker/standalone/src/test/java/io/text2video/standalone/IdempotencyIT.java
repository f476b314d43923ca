package io.text2video.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedServices;
import io.text2video.embedded.FreePort;
import io.text2video.embedded.TopicRecords;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One Idempotency-Key at two gateways, and after both were killed. */
class IdempotencyIT {
    private static final int REQUESTS = 1_000;
    private static final String RED = "{\"prompt\":\"a red ball\"}";
    private static final String BLUE = "{\"prompt\":\"a blue ball\"}";

    @TempDir
    Path data;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void shouldMakeOneJobOfAThousandRequestsAtTwoGateways() throws Exception {
        try (var fleet = new EmbeddedServices(data)) {
            int firstPort = FreePort.find();
            int secondPort = FreePort.find();
            String id;
            try (var first = gateway(firstPort, fleet);
                    var second = gateway(secondPort, fleet)) {
                // Given two gateways
                awaitReady(firstPort);
                awaitReady(secondPort);

                // When both get half of the requests, all at once
                List<HttpResponse<String>> answers = IntStream.range(0, REQUESTS)
                        .mapToObj(i -> send(i % 2 == 0 ? firstPort : secondPort, RED))
                        .toList()
                        .stream()
                        .map(CompletableFuture::join)
                        .toList();

                // Then one made the job, and each other was answered with it, or told that it is under way
                assertThat(answers)
                        .extracting(HttpResponse::statusCode)
                        .as(first.out() + second.out())
                        .isSubsetOf(202, 409)
                        .contains(202);
                List<HttpResponse<String>> accepted = answers.stream()
                        .filter(answer -> answer.statusCode() == 202)
                        .toList();
                assertThat(accepted).filteredOn(answer -> !isReplay(answer)).hasSize(1);
                id = id(accepted.get(0));
                for (HttpResponse<String> answer : accepted) {
                    assertThat(id(answer)).isEqualTo(id);
                }
                assertThat(TopicRecords.all(fleet.bootstrapServers(), Topic.REQUESTS.topicName()))
                        .extracting(record -> record.key())
                        .containsExactly(id);

                first.kill();
                second.kill();
            }

            // And a gateway that was started later knows the key
            int thirdPort = FreePort.find();
            try (var third = gateway(thirdPort, fleet)) {
                awaitReady(thirdPort);
                HttpResponse<String> same = send(thirdPort, RED).join();
                assertThat(same.statusCode()).as(third.out()).isEqualTo(202);
                assertThat(isReplay(same)).isTrue();
                assertThat(id(same)).isEqualTo(id);
                assertThat(send(thirdPort, BLUE).join().statusCode()).isEqualTo(422);
            }
            assertThat(TopicRecords.all(fleet.bootstrapServers(), Topic.REQUESTS.topicName()))
                    .hasSize(1);
        }
    }

    private CompletableFuture<HttpResponse<String>> send(int port, String body) {
        var request = HttpRequest.newBuilder(uri(port, "/v1/videos"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "one-key")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    private static boolean isReplay(HttpResponse<String> answer) {
        return answer.headers().firstValue("Idempotent-Replayed").equals(Optional.of("true"));
    }

    private static String id(HttpResponse<String> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body()).path("id").asText();
    }

    private void awaitReady(int port) {
        var ready = HttpRequest.newBuilder(uri(port, "/q/health/ready")).build();
        Awaitility.await("gateway at " + port)
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> client.send(ready, BodyHandlers.discarding()).statusCode() == 200);
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static Launched gateway(int port, EmbeddedServices fleet) throws IOException {
        return Launched.start(fleet.environment(), "gateway", "--port", Integer.toString(port));
    }
}
