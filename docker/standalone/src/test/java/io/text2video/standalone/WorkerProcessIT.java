package io.text2video.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
    private static final int STEPS = 200;

    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "SEGV"})
    void shouldStartAWorkerAgainThatDiesInTheMiddleOfAJob(String signal) throws Exception {
        try (var fleet = serve()) {
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
    void shouldLeaveNoWorkerBehindWhenItIsKilledItself() throws Exception {
        try (var fleet = serve()) {
            fleet.awaitGateway();
            ProcessHandle worker = worker(fleet);

            fleet.kill();

            await().atMost(PATIENCE).until(() -> !worker.isAlive());
        }
    }

    private Launched serve() throws IOException {
        return Launched.start(
                Map.of(),
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
