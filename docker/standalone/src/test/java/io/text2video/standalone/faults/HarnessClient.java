package io.text2video.standalone.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Asks one gateway, once, however it goes. Thread-safe.
 *
 * @param name in the history
 */
record HarnessClient(String name, URI gateway) implements Workload.Way {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    @Override
    public Answer submit(WantedVideo wanted, String webhook) throws InterruptedException {
        return ask(request("/v1/videos")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(wanted.http(webhook))));
    }

    Answer cancel(String job) throws InterruptedException {
        return ask(request("/v1/videos/" + job + "/cancel").POST(HttpRequest.BodyPublishers.noBody()));
    }

    Answer delete(String job) throws InterruptedException {
        return ask(request("/v1/videos/" + job).DELETE());
    }

    Answer look(String job) throws InterruptedException {
        return ask(request("/v1/videos/" + job));
    }

    /** Whether it knows the model. */
    boolean knows(String model) throws InterruptedException {
        return ask(request("/v1/models/" + model)).outcome() == Answer.Outcome.ACCEPTED;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(gateway.resolve(path)).timeout(PATIENCE);
    }

    private static Answer ask(HttpRequest.Builder request) throws InterruptedException {
        HttpResponse<byte[]> response;
        try {
            response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            return new Answer(Answer.Outcome.UNKNOWN, null, e.toString());
        }
        JsonNode body = Message.json(response.body());
        return switch (response.statusCode()) {
            case 200, 202 ->
                new Answer(
                        Answer.Outcome.ACCEPTED,
                        body.path("id").asText(),
                        body.path("status").asText());
            case 404 -> new Answer(Answer.Outcome.NOT_FOUND, null, "404");
            case 503 ->
                new Answer(
                        Answer.Outcome.REFUSED,
                        null,
                        "503 " + body.path("error").path("code").asText());
            default ->
                new Answer(
                        Answer.Outcome.WRONG, null, response.statusCode() + " " + new String(response.body(), UTF_8));
        };
    }
}
