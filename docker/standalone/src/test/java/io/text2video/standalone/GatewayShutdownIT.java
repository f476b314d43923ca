package io.text2video.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Durations.ONE_MINUTE;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.common.topic.Topic;
import io.text2video.embedded.EmbeddedServices;
import io.text2video.embedded.TopicRecords;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that is told to end while many send to it. */
class GatewayShutdownIT {
    private static final int CLIENTS = 8;
    private static final int ENOUGH = 200;
    /** The exit code of a process that SIGTERM has ended. */
    private static final int TERMINATED = 143;

    @TempDir
    Path data;

    private final Queue<HttpResponse<String>> answers = new ConcurrentLinkedQueue<>();
    private final Queue<IOException> failures = new ConcurrentLinkedQueue<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private volatile boolean told;
    private volatile boolean gone;

    @Test
    void shouldKeepWhatItAcceptedAndRefuseTheRest() throws Exception {
        try (var fleet = new EmbeddedServices(data);
                var launched = gateway(fleet)) {
            Launched process = launched.process();
            URI gateway = launched.uri();
            // Given clients that send as fast as they can
            launched.awaitReady();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new Thread(() -> send(gateway)));
            }
            clients.forEach(Thread::start);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> with(202).size() >= ENOUGH);

            // When the gateway is told to end
            told = true;
            process.terminate();

            // Then it is unready while it still takes requests
            Awaitility.await()
                    .atMost(ONE_MINUTE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> launched.readiness() == 503);
            int acceptedBefore = with(202).size();
            Awaitility.await()
                    .atMost(ONE_MINUTE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> with(202).size() > acceptedBefore);

            // And it leaves
            assertThat(process.exitCode()).as(process.err()).isEqualTo(TERMINATED);
            gone = true;
            for (Thread thread : clients) {
                thread.join();
            }

            // And whoever was accepted is on one of the topics, and whoever was not knows it
            Set<String> stored = Stream.of(Topic.REQUESTS, Topic.BACKLOG)
                    .flatMap(topic -> TopicRecords.all(fleet.bootstrapServers(), topic.topicName()).stream())
                    .map(record -> record.key())
                    .collect(Collectors.toSet());
            assertThat(stored).containsAll(accepted());
            assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(202, 503);
            assertThat(with(503)).allSatisfy(refusal -> {
                assertThat(refusal.headers().firstValue("Retry-After")).contains("1");
                assertThat(refusal.headers().firstValue("Connection")).contains("close");
                assertThat(refusal.body()).contains("shutting_down");
            });
        }
    }

    @Test
    void shouldEndStreamsOfEvents() throws Exception {
        try (var fleet = new EmbeddedServices(data);
                var launched = gateway(fleet)) {
            Launched process = launched.process();
            URI gateway = launched.uri();
            // Given somebody who follows a job for which there is no worker
            launched.awaitReady();
            HttpResponse<String> submitted = client.send(submission(gateway), HttpResponse.BodyHandlers.ofString());
            String location = submitted.headers().firstValue("Location").orElseThrow();
            HttpResponse<Stream<String>> stream = client.send(
                    HttpRequest.newBuilder(gateway.resolve(location + "/events"))
                            .build(),
                    HttpResponse.BodyHandlers.ofLines());
            Iterator<String> lines = stream.body().iterator();
            assertThat(lines.next()).startsWith("id:1-0.queued");

            // When the gateway is told to end
            process.terminate();

            // Then the stream comes to an end like any other answer
            lines.forEachRemaining(line -> assertThat(line).doesNotStartWith("event:video.completed"));
            assertThat(process.exitCode()).as(process.err()).isEqualTo(TERMINATED);
        }
    }

    @Test
    void shouldLeaveThoughTheBrokerIsGone() throws Exception {
        try (var fleet = new EmbeddedServices(data);
                var launched = gateway(fleet)) {
            launched.awaitReady();

            // When there is nobody any more whom it could tell
            fleet.close();
            launched.process().terminate();

            // Then it ends all the same
            assertThat(launched.process().exitCode())
                    .as(launched.process().err())
                    .isEqualTo(TERMINATED);
        }
    }

    private static HttpRequest submission(URI gateway) {
        return HttpRequest.newBuilder(gateway.resolve("/v1/videos"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"a red ball\"}"))
                .build();
    }

    private void send(URI gateway) {
        HttpRequest request = submission(gateway);
        while (!gone) {
            try {
                answers.add(client.send(request, HttpResponse.BodyHandlers.ofString()));
            } catch (IOException e) {
                if (!told) {
                    throw new IllegalStateException("refused before its end", e);
                }
                failures.add(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private List<HttpResponse<String>> with(int status) {
        return answers.stream().filter(answer -> answer.statusCode() == status).toList();
    }

    private List<String> accepted() throws IOException {
        List<String> ids = new ArrayList<>();
        for (HttpResponse<String> answer : with(202)) {
            ids.add(new ObjectMapper().readTree(answer.body()).path("id").asText());
        }
        return ids;
    }

    private static LaunchedGateway gateway(EmbeddedServices fleet) throws IOException {
        Map<String, String> environment = new HashMap<>(fleet.environment());
        // Long enough to be seen on a loaded machine.
        environment.put("SHUTDOWN_NOTICE", "6s");
        return LaunchedGateway.start(environment);
    }
}
