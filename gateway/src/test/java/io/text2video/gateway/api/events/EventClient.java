package io.text2video.gateway.api.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.RestAssured;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One that follows jobs, as an {@code EventSource} does. Who waits for what never comes is told so by its stream's end. */
public final class EventClient implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LONGEST_SECONDS = 240;

    private final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    /** @param id null where there was none */
    public record Event(String name, String id, JsonNode video) {}

    private static final Event END = new Event(null, null, null);

    private EventClient(HttpResponse<InputStream> response) {
        this.response = response;
        lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8));
        CompletableFuture.delayedExecutor(LONGEST_SECONDS, SECONDS).execute(this::cutOff);
    }

    static EventClient follow(String path) throws IOException, InterruptedException {
        return follow(path, null);
    }

    /** @param seen the id of the last event that it has seen before; null for none */
    static EventClient follow(String path, String seen) throws IOException, InterruptedException {
        return follow(path, seen, null);
    }

    /** @param key to the API; null for none */
    public static EventClient follow(String path, String seen, String key) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                .header("Accept", "text/event-stream");
        if (seen != null) {
            request.header("Last-Event-ID", seen);
        }
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return new EventClient(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    /** Waits for the next event; null at the end of the stream. */
    public Event next() throws IOException {
        Optional<Event> event = nextUnlessSilent();
        while (event.isEmpty()) {
            event = nextUnlessSilent();
        }
        return event.get() == END ? null : event.get();
    }

    /** The same, or nothing where a comment comes first. */
    Optional<Event> nextUnlessSilent() throws IOException {
        Map<String, String> fields = new HashMap<>();
        String line = lines.readLine();
        while (line != null && !(line.isEmpty() && fields.containsKey("data"))) {
            if (line.startsWith(":")) {
                return Optional.empty();
            }
            if (!line.isEmpty()) {
                String[] parts = line.split(":", 2);
                fields.put(parts[0], parts[1].strip());
            }
            line = lines.readLine();
        }
        return Optional.of(
                line == null
                        ? END
                        : new Event(fields.get("event"), fields.get("id"), JSON.readTree(fields.get("data"))));
    }

    /** Waits for the next line that is not empty; null at the end of the stream. */
    String nextLine() throws IOException {
        String line = lines.readLine();
        while (line != null && line.isEmpty()) {
            line = lines.readLine();
        }
        return line;
    }

    private void cutOff() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
