package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.text2video.process.SingleLine;
import io.text2video.standalone.client.GatewayClient;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Follows a job until it ends, with a progress bar. */
final class JobWatch {
    private static final Set<String> RUNNING = Set.of("queued", "in_progress");
    private static final long INTERVAL_MS = 100;

    private final GatewayClient client;

    JobWatch(GatewayClient client) {
        this.client = client;
    }

    /** Waits for the end and gives the ended job, a Video object. */
    JsonNode untilEnded(JsonNode submitted) throws IOException, InterruptedException {
        String id = submitted.path("id").asText();
        try (var progress = new ProgressDisplay("generate")) {
            JsonNode video = submitted;
            while (RUNNING.contains(video.path("status").asText())) {
                show(progress, video);
                TimeUnit.MILLISECONDS.sleep(INTERVAL_MS);
                video = client.get(id);
            }
            show(progress, video);
            return video;
        }
    }

    /**
     * The same, but when this process is told to end before the job has, as by Ctrl-C, the job is cancelled: nobody waits for
     * its video then. It does not return once the process ends, so that what the job has come to is told by then.
     */
    JsonNode untilEndedOrExit(JsonNode submitted) throws IOException, InterruptedException {
        String id = submitted.path("id").asText();
        var cancelAtExit = new Thread(() -> cancel(id), "cancel-at-exit");
        Runtime.getRuntime().addShutdownHook(cancelAtExit);
        try {
            return untilEnded(submitted);
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(cancelAtExit);
            } catch (IllegalStateException exiting) {
                Thread.currentThread().join();
            }
        }
    }

    private void cancel(String id) {
        try {
            System.err.println("text2video: " + client.cancel(id).path("status").asText() + " " + id);
        } catch (IOException e) {
            System.err.println(
                    "text2video: the job %s was not cancelled: %s".formatted(id, SingleLine.of(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void show(ProgressDisplay progress, JsonNode video) {
        long steps = video.path("num_inference_steps").asLong(100);
        long done = Math.round(video.path("progress").asDouble() * steps / 100);
        progress.show(done, steps, video.path("status").asText().replace('_', ' '));
    }
}
