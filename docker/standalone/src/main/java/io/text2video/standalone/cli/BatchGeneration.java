package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.common.job.BatchId;
import io.text2video.standalone.client.GatewayClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A video for each line of a file of requests, by a batch. What an earlier run has fetched stays as it is, and what it has asked for
 * is not asked for again, where the fleet still knows of it: it left a note beside the videos.
 */
final class BatchGeneration {
    private static final String NOTE = ".batch.json";
    private static final long INTERVAL_MS = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final GatewayClient client;
    private final StageDisplay stages;
    private final Report report;
    private final Path directory;
    private final List<String> failures = new ArrayList<>();

    /** @param directory for the videos, {@code 00001.mp4} that of the first line */
    BatchGeneration(GatewayClient client, StageDisplay stages, Report report, Path directory) {
        this.client = client;
        this.stages = stages;
        this.report = report;
        this.directory = directory;
    }

    /**
     * @param requests by the numbers of their lines
     * @throws IOException when there is no video of some, saying why
     */
    void run(SortedMap<Integer, ObjectNode> requests) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        SortedMap<Integer, ObjectNode> missing = new TreeMap<>(requests);
        missing.keySet().removeIf(line -> Files.isRegularFile(file(line)));
        Optional<ObjectNode> begun = begun();
        while (!missing.isEmpty()) {
            ObjectNode note = begun.isPresent() ? begun.get() : begin(missing);
            begun = Optional.empty();
            fetch(note, missing);
            Files.deleteIfExists(directory.resolve(NOTE));
        }
        stages.finish();
        if (!failures.isEmpty()) {
            throw new IOException("%d of %d videos are not there, run the same again for them: %s"
                    .formatted(failures.size(), requests.size(), String.join("; ", failures)));
        }
    }

    /** What an earlier run has begun, and the fleet still knows. */
    private Optional<ObjectNode> begun() throws IOException, InterruptedException {
        Path note = directory.resolve(NOTE);
        if (!Files.isRegularFile(note)) {
            return Optional.empty();
        }
        ObjectNode begun = (ObjectNode) JSON.readTree(note.toFile());
        return client.batch(begun.path("id").asText()).isPresent() ? Optional.of(begun) : Optional.empty();
    }

    private ObjectNode begin(SortedMap<Integer, ObjectNode> requests) throws IOException, InterruptedException {
        ObjectNode note = JSON.createObjectNode();
        note.put("id", client.createBatch(requests).path("id").asText());
        ObjectNode lines = note.putObject("requests");
        requests.forEach((line, request) -> lines.set(line.toString(), request));
        JSON.writeValue(directory.resolve(NOTE).toFile(), note);
        return note;
    }

    /** Takes those out of {@code missing} that the batch is of, as each has ended. */
    private void fetch(ObjectNode note, SortedMap<Integer, ObjectNode> missing)
            throws IOException, InterruptedException {
        BatchId batch = BatchId.parse(note.path("id").asText());
        int job = 0;
        for (var request : note.path("requests").properties()) {
            job++;
            int line = Integer.parseInt(request.getKey());
            if (request.getValue().equals(missing.get(line))) {
                fetch(
                        batch,
                        batch.job(job).toString(),
                        line,
                        job - 1,
                        note.path("requests").size());
                missing.remove(line);
            }
        }
    }

    private void fetch(BatchId batch, String id, int line, int done, int all) throws IOException, InterruptedException {
        stages.show("videos", done, all, " videos");
        JsonNode video = untilEnded(batch, id);
        try {
            JobWatch.requireCompleted(video);
            client.download(id, file(line));
            report.finished(video, file(line));
        } catch (IOException e) {
            failures.add("line %d: %s".formatted(line, e.getMessage()));
        }
    }

    /** Its job is not known before it is submitted; once the batch is over, it never will be. */
    private JsonNode untilEnded(BatchId batch, String id) throws IOException, InterruptedException {
        while (true) {
            Optional<JsonNode> video = client.find(id);
            if (video.filter(found -> !JobWatch.isRunning(found)).isPresent()) {
                return video.get();
            }
            if (video.isEmpty() && isOver(batch)) {
                return JSON.createObjectNode().put("status", "cancelled");
            }
            TimeUnit.MILLISECONDS.sleep(INTERVAL_MS);
        }
    }

    private boolean isOver(BatchId batch) throws IOException, InterruptedException {
        return client.batch(batch.toString())
                .filter(found -> found.path("status").asText().equals("in_progress"))
                .isEmpty();
    }

    private Path file(int line) {
        return directory.resolve("%05d.mp4".formatted(line));
    }

    /**
     * Reads a file of requests, one in each line.
     *
     * @param others what each is to have that does not say otherwise
     * @throws IOException when it cannot be read, or a line is none
     */
    static SortedMap<Integer, ObjectNode> read(Path file, ObjectNode others) throws IOException {
        SortedMap<Integer, ObjectNode> requests = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            int number = requests.size() + 1;
            try {
                if (!(JSON.readTree(line) instanceof ObjectNode request)) {
                    throw new IOException("it must be a JSON object such as {\"prompt\": \"a red ball\"}");
                }
                requests.put(number, others.deepCopy().setAll(request));
            } catch (IOException e) {
                String reason = e.getMessage().lines().findFirst().orElse("");
                throw new IOException("%s, line %d: %s".formatted(file, number, reason), e);
            }
        }
        if (requests.isEmpty()) {
            throw new IOException(
                    file + " has no line; each is to be a JSON object such as {\"prompt\": \"a red ball\"}");
        }
        return requests;
    }
}
