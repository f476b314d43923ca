package io.text2video.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.text2video.standalone.client.GatewayClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code serve} runs its worker in a process of its own. */
class WorkerProcessIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /** Enough for the job to be in its middle when its first progress is seen. */
    private static final int STEPS = 400;

    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "SEGV"})
    void shouldStartAWorkerAgainThatDiesInTheMiddleOfAJob(String signal) throws Exception {
        try (var fleet = serve(Map.of())) {
            // Given a job that the worker is in the middle of
            var client = new GatewayClient(URI.create(fleet.awaitGateway()));
            String id = client.create(Map.of("prompt", "a blue ball", "num_inference_steps", STEPS))
                    .path("id")
                    .asText();
            await().atMost(PATIENCE).until(() -> client.get(id).path("progress").asInt() > 0);
            assertThat(client.get(id).path("status").asText()).isEqualTo("in_progress");
            ProcessHandle worker = worker(fleet);

            // When it dies
            kill(worker.pid(), signal);
            worker.onExit().get();

            // Then another one completes the job, and the rest is as it was
            await().atMost(PATIENCE)
                    .until(() -> client.get(id).path("status").asText().equals("completed"));
            assertThat(worker(fleet).pid()).isNotEqualTo(worker.pid());
            assertThat(fleet.isAlive()).isTrue();
        }
    }

    @Test
    void shouldComeToTheSameExtensionWhenItsWorkerIsKilledInTheMiddle() throws Exception {
        String models = Launched.HOME.resolve("models/cogvideox-tiny") + ","
                + Launched.HOME.resolve("worker/src/test/resources/reference/i2v");
        try (var fleet = serve(Map.of("WORKER_MODELS", models))) {
            // Given a video, and a job that goes on with it
            var client = new GatewayClient(URI.create(fleet.awaitGateway()));
            Path first = video(client, client.create(Map.of("prompt", "a ball", "num_inference_steps", 2)));
            String killed = extend(client, first).path("id").asText();
            await().atMost(PATIENCE)
                    .until(() -> client.get(killed).path("progress").asInt() > 0);

            // When its worker is killed in the middle
            assertThat(client.get(killed).path("status").asText()).isEqualTo("in_progress");
            kill(worker(fleet).pid(), "KILL");

            // Then another attempt makes the file that one without a kill makes
            Path resumed = video(client, client.get(killed));
            assertThat(client.get(killed).path("attempt").asInt()).isGreaterThan(1);
            assertThat(client.get(killed).path("num_frames").asInt()).isEqualTo(17 + 16);
            assertThat(resumed).hasSameBinaryContentAs(video(client, extend(client, first)));
        }
    }

    private static JsonNode extend(GatewayClient client, Path video) throws Exception {
        Map<String, Object> fields =
                Map.of("prompt", "it rolls on", "model", "i2v", "num_inference_steps", STEPS, "seed", 1);
        return client.create("/extensions", fields, "video", video);
    }

    /** Waits for the job's end, and fetches its file. */
    private Path video(GatewayClient client, JsonNode job) throws Exception {
        String id = job.path("id").asText();
        await().atMost(PATIENCE)
                .until(() -> client.get(id).path("status").asText().equals("completed"));
        Path file = data.resolve(id + ".mp4");
        client.download(id, file);
        return file;
    }

    @Test
    void shouldLeaveNoWorkerBehindWhenItIsKilledItself() throws Exception {
        try (var fleet = serve(Map.of())) {
            fleet.awaitGateway();
            ProcessHandle worker = worker(fleet);

            fleet.kill();

            await().atMost(PATIENCE).until(() -> !worker.isAlive());
        }
    }

    private Launched serve(Map<String, String> environment) throws IOException {
        return Launched.start(
                environment,
                "serve",
                "--port",
                "0",
                "--kafka-port",
                "0",
                "--s3-port",
                "0",
                "--data",
                data.resolve("fleet").toString());
    }

    private static ProcessHandle worker(Launched fleet) {
        return ProcessHandle.of(fleet.pid())
                .orElseThrow()
                .children()
                .findFirst()
                .orElseThrow();
    }

    private static void kill(long pid, String signal) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }
}
