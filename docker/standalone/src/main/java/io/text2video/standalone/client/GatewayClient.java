package io.text2video.standalone.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.RequestBody;
import okio.Buffer;

/** A gateway's {@code /v1}, seen from outside. Thread-safe. */
public final class GatewayClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** A file may be large, and the line slow. */
    private static final Duration UPLOAD_TIMEOUT = Duration.ofMinutes(10);
    /** Somebody who has pressed Ctrl-C waits for it. */
    private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(10);

    private static final MediaType BYTES = MediaType.get("application/octet-stream");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String key;
    private final URI videos;
    private final URI models;

    /** Of a gateway that wants no key, such as {@code http://localhost:8080}. */
    public GatewayClient(URI gateway) {
        this(gateway, null);
    }

    /** @param key to the API; null or empty for none */
    public GatewayClient(URI gateway, String key) {
        this.key = key;
        String root = gateway.toString().replaceAll("/+$", "");
        videos = URI.create(root + "/v1/videos");
        models = URI.create(root + "/v1/models");
    }

    /**
     * Submits a job.
     *
     * @return the Video object
     * @throws IOException when the gateway refuses; the message is its own
     */
    public JsonNode create(Map<String, Object> body) throws IOException, InterruptedException {
        return json(HttpRequest.newBuilder(videos)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))));
    }

    /**
     * Submits a job with a file, as a form.
     *
     * @param path below that of the videos, such as {@code /edits}
     * @param field the file's name in the form
     * @return the Video object
     * @throws IOException when the file cannot be read, or the gateway refuses; then the message is its own
     */
    public JsonNode create(String path, Map<String, Object> fields, String field, Path file)
            throws IOException, InterruptedException {
        var form = new MultipartBody.Builder().setType(MultipartBody.FORM);
        for (var entry : fields.entrySet()) {
            form.addFormDataPart(entry.getKey(), text(entry.getValue()));
        }
        MultipartBody body = form.addFormDataPart(field, field, RequestBody.create(file.toFile(), BYTES))
                .build();
        var bytes = new Buffer();
        body.writeTo(bytes);
        return json(HttpRequest.newBuilder(URI.create(videos + path))
                .timeout(UPLOAD_TIMEOUT)
                .header("Content-Type", body.contentType().toString())
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes.readByteArray())));
    }

    /** As a form has it: text is itself, and all else what it is in JSON. */
    private static String text(Object value) throws JsonProcessingException {
        return value instanceof String text ? text : JSON.writeValueAsString(value);
    }

    /**
     * Submits a batch.
     *
     * @param requests by the numbers that a refusal calls them
     * @throws IOException when the gateway refuses; the message is its own, and says of each line what is wrong
     */
    public JsonNode createBatch(SortedMap<Integer, ? extends JsonNode> requests)
            throws IOException, InterruptedException {
        String lines = requests.values().stream().map(JsonNode::toString).collect(Collectors.joining("\n"));
        HttpResponse<byte[]> response = send(
                HttpRequest.newBuilder(URI.create(videos + "/batches"))
                        .header("Content-Type", "application/jsonl")
                        .POST(HttpRequest.BodyPublishers.ofString(lines)),
                BodyHandlers.ofByteArray());
        if (response.statusCode() / 100 == 2) {
            return JSON.readTree(response.body());
        }
        IOException refusal = refusal(response.statusCode(), response.body());
        List<Integer> numbers = List.copyOf(requests.keySet());
        String wrong = errors(response.body())
                .map(error -> "; line %d: %s"
                        .formatted(
                                numbers.get(error.path("line").asInt() - 1),
                                error.path("message").asText()))
                .collect(Collectors.joining());
        throw new IOException(refusal.getMessage() + wrong, refusal);
    }

    private static Stream<JsonNode> errors(byte[] body) {
        try {
            return StreamSupport.stream(JSON.readTree(body).at("/errors/data").spliterator(), false);
        } catch (IOException notJson) {
            return Stream.empty();
        }
    }

    /** A batch, or nothing when there is none. */
    public Optional<JsonNode> batch(String id) throws IOException, InterruptedException {
        return find("batches/" + id);
    }

    /** A Video object, or nothing when there is none with that id. */
    public Optional<JsonNode> find(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                send(HttpRequest.newBuilder(URI.create(videos + "/" + path)), BodyHandlers.ofByteArray());
        return switch (response.statusCode()) {
            case 200 -> Optional.of(JSON.readTree(response.body()));
            case 404 -> Optional.empty();
            default -> throw refusal(response.statusCode(), response.body());
        };
    }

    /** The Video object as it stands. */
    public JsonNode get(String id) throws IOException, InterruptedException {
        return json(HttpRequest.newBuilder(of(id, "")));
    }

    /**
     * A page of Video objects, the newest first.
     *
     * @param after the last one of the page before; null for the first page
     */
    public JsonNode list(int limit, String after) throws IOException, InterruptedException {
        return json(HttpRequest.newBuilder(
                URI.create(videos + "?limit=" + limit + (after == null ? "" : "&after=" + encoded(after)))));
    }

    /** The models that workers have announced. */
    public JsonNode models() throws IOException, InterruptedException {
        return json(HttpRequest.newBuilder(models));
    }

    /** Removes a job that has ended; cancels one that has not. */
    public void delete(String id) throws IOException, InterruptedException {
        json(HttpRequest.newBuilder(of(id, "")).DELETE());
    }

    /** Cancels the job, unless it has ended; the Video object says how. */
    public JsonNode cancel(String id) throws IOException, InterruptedException {
        return json(HttpRequest.newBuilder(of(id, "/cancel"))
                .timeout(CANCEL_TIMEOUT)
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    /** Saves the finished video; {@code file} is there whole or not at all. */
    public void download(String id, Path file) throws IOException, InterruptedException {
        Path part = file.resolveSibling("." + file.getFileName() + "." + id + ".part");
        try {
            HttpResponse<Path> response = send(HttpRequest.newBuilder(of(id, "/content")), BodyHandlers.ofFile(part));
            if (response.statusCode() != 200) {
                throw refusal(response.statusCode(), Files.readAllBytes(part));
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private URI of(String id, String what) {
        return URI.create(videos + "/" + encoded(id) + what);
    }

    /** What somebody typed for an id may hold anything. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private JsonNode json(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = send(request, BodyHandlers.ofByteArray());
        if (response.statusCode() / 100 != 2) {
            throw refusal(response.statusCode(), response.body());
        }
        return JSON.readTree(response.body());
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
            throws IOException, InterruptedException {
        if (key != null && !key.isBlank()) {
            request.header("Authorization", "Bearer " + key.strip());
        }
        try {
            HttpRequest whole = request.build();
            return http.send(
                    whole.timeout().isPresent()
                            ? whole
                            : request.timeout(TIMEOUT).build(),
                    body);
        } catch (ConnectException e) {
            throw new IOException("no gateway answers at " + videos, e);
        }
    }

    private static IOException refusal(int status, byte[] body) {
        String message;
        try {
            message = JSON.readTree(body).at("/error/message").asText();
        } catch (IOException notJson) {
            message = "";
        }
        return new IOException(message.isEmpty() ? "the gateway answered " + status : message);
    }
}
