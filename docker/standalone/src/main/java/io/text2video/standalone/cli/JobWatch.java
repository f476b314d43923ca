package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.text2video.process.SingleLine;
import io.text2video.standalone.client.GatewayClient;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Follows a job until it ends, and shows its stages. */
final class JobWatch {
    private static final Set<String> RUNNING = Set.of("queued", "in_progress");
    private static final long INTERVAL_MS = 100;

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
        if (video.path("status").asText().equals("completed")) {
            // Which may have been over before anybody asked.
            stages.stage("encode");
        }
        return video;
    }

    /**
     * The same, but when this process is told to end before the job has, as by Ctrl-C, it is told what becomes of the job. It
     * does not return once the process ends, so that this is told by then.
     *
     * @param atExit does something about the job with that id, and says what in a line
     */
    JsonNode untilEndedOrExit(JsonNode submitted, UnaryOperator<String> atExit) throws Exception {
        return orExit(stages, () -> atExit.apply(submitted.path("id").asText()), () -> untilEnded(submitted));
    }

    /** Does something long; when this process is told to end before that, {@code atExit} says in a line what becomes of it. */
    static <T> T orExit(StageDisplay stages, Supplier<String> atExit, Callable<T> work) throws Exception {
        var tellAtExit = new Thread(() -> stages.interrupted(atExit.get()), "tell-at-exit");
        Runtime.getRuntime().addShutdownHook(tellAtExit);
        try {
            return work.call();
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(tellAtExit);
            } catch (IllegalStateException exiting) {
                Thread.currentThread().join();
            }
        }
    }

    /** Takes a job back, for whose video nobody waits any more; says what it has come to. */
    String cancel(String id) {
        try {
            return client.cancel(id).path("status").asText() + " " + id;
        } catch (IOException e) {
            return "the job %s was not cancelled: %s".formatted(id, SingleLine.of(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "the job %s may not be cancelled: interrupted".formatted(id);
        }
    }

    /** Of a job that is being uploaded, the last frames are encoded first. */
    private void show(JsonNode video) {
        switch (video.path("stage").asText()) {
            case "denoising" ->
                stages.show(
                        "steps",
                        video.path("step").asInt(),
                        video.path("num_inference_steps").asInt(),
                        " steps");
            case "decoding" ->
                stages.show(
                        "decode",
                        video.path("decoded_frames").asInt(),
                        video.path("num_frames").asInt(),
                        " frames");
            case "upload" -> stages.stage("encode");
            default -> {
                int ahead = video.path("queue_position").asInt();
                stages.waiting("queue", ahead == 0 ? "" : ahead + " before it");
            }
        }
    }
}
