package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A gateway's {@code POST /v1/videos}, once, however it goes. */
record HttpWay(URI gateway) implements Workload.Way {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public Workload.Answer submit(WantedVideo wanted, String webhook) throws InterruptedException {
        var request = HttpRequest.newBuilder(gateway.resolve("/v1/videos"))
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(wanted.http(webhook)))
                .build();
        try {
            HttpResponse<byte[]> response = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return switch (response.statusCode()) {
                case 202 ->
                    new Workload.Answer(
                            SubmittedJob.Outcome.ACCEPTED,
                            JSON.readTree(response.body()).path("id").asText(),
                            "202");
                case 503 -> new Workload.Answer(SubmittedJob.Outcome.REFUSED, null, "503");
                default ->
                    new Workload.Answer(
                            SubmittedJob.Outcome.UNKNOWN,
                            null,
                            response.statusCode() + " "
                                    + new String(response.body(), java.nio.charset.StandardCharsets.UTF_8));
            };
        } catch (IOException e) {
            return new Workload.Answer(SubmittedJob.Outcome.UNKNOWN, null, e.toString());
        }
    }
}
