package io.text2video.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.text2video.common.model.ModelCard;
import io.text2video.common.topic.Pool;
import io.text2video.embedded.TopicRecords;
import io.text2video.gateway.fleet.Announcements;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.GatewayFleetResource;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Five hundred requests by chance, of which about half are none that their model can serve. Whether it can, {@link
 * VideoUnderTest} says in rules of its own.
 */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class FiveHundredRequestsTest {
    private static final int REQUESTS = 500;
    private static final long SEED = 2026;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    Announcements workers;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    @AfterEach
    void forget() {
        workers.forgetAll();
    }

    @Test
    void shouldSendWhatItsModelCanServeToItsWorkersAndNothingElse() throws Exception {
        // Given
        workers.announce(Cards.PUBLISHED.toArray(ModelCard[]::new));
        var random = new Random(SEED);
        List<VideoUnderTest> wanted = Stream.generate(() -> VideoUnderTest.next(random))
                .limit(REQUESTS)
                .toList();

        // When
        Map<String, VideoUnderTest> accepted = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 0; i < REQUESTS; i++) {
            VideoUnderTest video = wanted.get(i);
            HttpResponse<String> answer = post(client, video.json(prompt(i)));
            JsonNode body = JSON.readTree(answer.body());
            boolean isAccepted = answer.statusCode() == 202;
            if (isAccepted) {
                accepted.put(body.path("id").asText(), video);
            } else {
                assertThat(answer.statusCode()).as(video.json(prompt(i))).isEqualTo(400);
                assertThat(video.fields())
                        .as("%s %s", video.json(prompt(i)), answer.body())
                        .contains(body.path("error").path("param").asText());
            }
            if (isAccepted != video.isServable()) {
                wrong.add("%d %s %s".formatted(answer.statusCode(), video.json(prompt(i)), answer.body()));
            }
        }

        // Then
        assertThat(wrong).isEmpty();
        assertThat(accepted.size()).isBetween(REQUESTS / 4, REQUESTS * 3 / 4);
        Map<String, VideoUnderTest> sent = new HashMap<>();
        for (Pool pool : List.of(Pool.DEFAULT, Cards.LARGE, Cards.IMAGE)) {
            for (var record : TopicRecords.all(broker, pool.topic())) {
                JsonNode request = JSON.readTree(record.value());
                String prompt = request.path("prompt").asText();
                if (prompt.startsWith(prompt(0).substring(0, prompt(0).length() - 1))) {
                    VideoUnderTest video = wanted.get(Integer.parseInt(prompt.substring(prompt.lastIndexOf(' ') + 1)));
                    sent.put(record.key(), video);
                    assertThat(video.pool()).as(prompt).isEqualTo(pool);
                    assertThat(video.isServedBy(request))
                            .as("%s %s", video, request)
                            .isTrue();
                }
            }
        }
        assertThat(sent).isEqualTo(accepted);
    }

    private static HttpResponse<String> post(HttpClient client, String json) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/v1/videos"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String prompt(int number) {
        return "one of five hundred: " + number;
    }
}
