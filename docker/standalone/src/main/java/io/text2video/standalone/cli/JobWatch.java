package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.text2video.process.SingleLine;
import io.text2video.standalone.client.GatewayClient;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Follows a job until it ends, and shows its stages. */
final class JobWatch {
    private static final Set<String> RUNNING = Set.of("queued", "in_progress");
    private static final long INTERVAL_MS = 100;

    /** The gateway's percentage of steps goes no further until the video is there. */
    private static final int ALL_STEPS = 99;

    private final GatewayClient client;
    private final StageDisplay stages;

    JobWatch(GatewayClient client, StageDisplay stages) {
        this.client = client;
        this.stages = stages;
    }

    static boolean isRunning(JsonNode video) {
        return RUNNING.contains(video.path("status").asText());
    }

    /** @throws IOException when the job ended otherwise, with the reason */
    static void requireCompleted(JsonNode video) throws IOException {
        switch (video.path("status").asText()) {
            case "completed" -> {
                // As it should.
            }
            case "cancelled" -> throw new IOException("the job was cancelled");
            default ->
                throw new IOException("the job failed: "
                        + video.at("/error/message")
                                .asText("it is " + video.path("status").asText()));
        }
    }

    /** Waits for the end and gives the ended job, a Video object. */
    JsonNode untilEnded(JsonNode submitted) throws IOException, InterruptedException {
        String id = submitted.path("id").asText();
        JsonNode video = submitted;
        while (isRunning(video)) {
            show(video);
            TimeUnit.MILLISECONDS.sleep(INTERVAL_MS);
            video = client.get(id);
        }
        return video;
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

    /** After its last step a job is decoded, and encoded meanwhile. */
    private void show(JsonNode video) {
        int percent = video.path("progress").asInt();
        if (video.path("status").asText().equals("queued")) {
            stages.stage("queue");
        } else if (percent < ALL_STEPS) {
            long steps = video.path("num_inference_steps").asLong(100);
            stages.show("steps", Math.round(percent * steps / 100.0), steps, " steps");
        } else {
            stages.stage("decode");
        }
    }
}
