package io.text2video.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedServices;
import io.text2video.embedded.TopicRecords;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
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

    /** To which five minutes are no sign that a request comes to nothing: a loaded machine takes long for the thousand. */
    private static LaunchedGateway patientGateway(EmbeddedServices fleet) throws IOException {
        Map<String, String> environment = new HashMap<>(fleet.environment());
        environment.put("SUBMISSION_TIMEOUT", "5m");
        environment.put("VIEW_TIMEOUT", "5m");
        environment.put("BODY_TIMEOUT", "5m");
        return LaunchedGateway.start(environment);
    }

    @Test
    void shouldMakeOneJobOfAThousandRequestsAtTwoGateways() throws Exception {
        try (var fleet = new EmbeddedServices(data)) {
            String id;
            try (var first = patientGateway(fleet);
                    var second = patientGateway(fleet)) {
                // Given two gateways
                first.awaitReady();
                second.awaitReady();

                // When both get half of the requests, all at once
                List<HttpResponse<String>> answers =
                        IntStream.range(0, REQUESTS)
                                .mapToObj(i -> send(i % 2 == 0 ? first : second, RED))
                                .toList()
                                .stream()
                                .map(CompletableFuture::join)
                                .toList();

                // Then one made the job, and each other was answered with it, or told that it is under way
                assertThat(answers)
                        .extracting(HttpResponse::statusCode)
                        .as(first.process().out() + second.process().out())
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

                first.process().kill();
                second.process().kill();
            }

            // And a gateway that was started later knows the key
            try (var third = LaunchedGateway.start(fleet.environment())) {
                third.awaitReady();
                HttpResponse<String> same = send(third, RED).join();
                assertThat(same.statusCode()).as(third.process().out()).isEqualTo(202);
                assertThat(isReplay(same)).isTrue();
                assertThat(id(same)).isEqualTo(id);
                assertThat(send(third, BLUE).join().statusCode()).isEqualTo(422);
            }
            assertThat(TopicRecords.all(fleet.bootstrapServers(), Topic.REQUESTS.topicName()))
                    .hasSize(1);
        }
    }

    private CompletableFuture<HttpResponse<String>> send(LaunchedGateway gateway, String body) {
        var request = HttpRequest.newBuilder(gateway.uri().resolve("/v1/videos"))
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
}
