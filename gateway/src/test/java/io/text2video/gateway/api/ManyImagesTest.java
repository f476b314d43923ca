package io.text2video.gateway.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.text2video.gateway.fleet.Announcements;
import io.text2video.gateway.fleet.Cards;
import io.text2video.gateway.fleet.GatewayFleetResource;
import io.text2video.gateway.fleet.Images;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(GatewayFleetResource.class)
class ManyImagesTest {
    private static final int CLIENTS = 40;
    private static final int MOST_BYTES = 10 << 20;

    @Inject
    Announcements workers;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void announce() {
        workers.announce(Cards.COGVIDEOX_5B_I2V);
    }

    @AfterEach
    void forget() {
        workers.forgetAll();
    }

    @Test
    void shouldTakeAsManyImagesAtOnceAsItCanHoldAndAskTheOthersToComeAgain() throws Exception {
        byte[] body = "{\"prompt\":\"a red ball\",\"model\":\"%s\",\"input_reference\":\"%s\"}"
                .formatted(Cards.COGVIDEOX_5B_I2V.id(), Images.dataUrl(Images.ofBytes(MOST_BYTES)))
                .getBytes(US_ASCII);
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/v1/videos"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();

        // When all come at once, and somebody asks for something else beside
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            asked.add(http.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
        }
        given().get("/v1/videos").then().statusCode(200);
        List<HttpResponse<String>> answers =
                asked.stream().map(CompletableFuture::join).toList();

        // Then
        assertThat(answers)
                .allMatch(answer -> answer.statusCode() == 202 || isRefusal(answer))
                .anyMatch(answer -> answer.statusCode() == 202)
                .anyMatch(ManyImagesTest::isRefusal);

        // And what was reserved is given back: again two at once
        await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> {
            var first = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
            var second = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
            assertThat(List.of(first.join().statusCode(), second.join().statusCode()))
                    .containsOnly(202);
        });
    }

    private static boolean isRefusal(HttpResponse<String> answer) {
        return answer.statusCode() == 503
                && answer.headers().firstValue("Retry-After").equals(Optional.of("5"))
                && answer.body().contains("\"overloaded\"");
    }
}
