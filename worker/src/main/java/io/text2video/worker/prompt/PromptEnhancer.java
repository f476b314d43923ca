package io.text2video.worker.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Has a language model write a prompt out, as CogVideoX was trained on long captions. Speaks OpenAI's
 * {@code POST /chat/completions}, to the one address that it was given: it follows no redirect. The prompt is the user's
 * message and nothing else, and the answer is text to draw and nothing else. Thread-safe.
 */
public final class PromptEnhancer {
    /** What a request is told that asks for it where there is none. */
    public static final String MISSING =
            "enhance_prompt cannot be served: no language model is configured for this model's"
                    + " workers (WORKER_ENHANCER_URL and WORKER_ENHANCER_MODEL); leave enhance_prompt out";

    private static final String SYSTEM_PROMPT = resource("system-prompt.txt");
    private static final MediaType JSON_TYPE = MediaType.get("application/json");
    private static final JsonMapper JSON = new JsonMapper();

    /** Of the language model's: a caption that fills the 226 of the text encoder has fewer. */
    private static final int MOST_TOKENS = 300;

    private static final int LARGEST_ANSWER = 256 << 10;

    /** Answers that may be others in a moment. */
    private static final Set<Integer> TRANSIENT = Set.of(429, 500, 502, 503, 504);

    private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);

    private final HttpUrl endpoint;
    private final String model;
    private final Optional<String> apiKey;
    private final Duration timeout;
    private final OkHttpClient http;

    /** Waits, and may throw to end what waits. */
    @FunctionalInterface
    public interface Pause {
        void await(Duration time);
    }

    /**
     * @param base what comes before {@code /chat/completions}
     * @param timeout for one prompt, further tries included
     * @throws IllegalArgumentException when {@code base} is no HTTP address
     */
    public PromptEnhancer(URI base, String model, Optional<String> apiKey, Duration timeout) {
        HttpUrl url = HttpUrl.parse(base.toString());
        if (url == null || !url.username().isEmpty() || url.query() != null) {
            throw new IllegalArgumentException(
                    "WORKER_ENHANCER_URL must be an http or https address without user, password and query, such as"
                            + " http://localhost:8000/v1");
        }
        this.endpoint = url.newBuilder().addPathSegments("chat/completions").build();
        this.model = model;
        this.apiKey = apiKey;
        // Refuses what no header can hold, and does not say what it was.
        apiKey.ifPresent(key -> Headers.of("Authorization", "Bearer " + key));
        this.timeout = timeout;
        this.http = new OkHttpClient.Builder()
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(timeout)
                .readTimeout(timeout)
                .build();
    }

    /** One answer: a text, or how long to wait before the next try; the text is null then. */
    private record Answer(String text, int status, Duration retryAfter) {}

    /**
     * Writes it out. An endpoint that is busy is asked again while there is time.
     *
     * @return one line of text
     * @throws PromptEnhancementException when there is nothing to draw in time
     */
    public String enhance(String prompt, Pause pause) throws PromptEnhancementException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            Answer answer = ask(prompt, left);
            if (answer.text() != null) {
                return answer.text();
            }
            if (answer.retryAfter().toNanos() >= end - System.nanoTime()) {
                throw failure("%s answered %d, and would have to be asked again in %d s: too late for %d s in all"
                        .formatted(
                                endpoint.host(),
                                answer.status(),
                                answer.retryAfter().toSeconds(),
                                timeout.toSeconds()));
            }
            pause.await(answer.retryAfter());
        }
    }

    private Answer ask(String prompt, Duration left) throws PromptEnhancementException {
        Request.Builder request = new Request.Builder().url(endpoint).post(body(prompt));
        apiKey.ifPresent(key -> request.header("Authorization", "Bearer " + key));
        Call call = http.newCall(request.build());
        // The whole call's, its body's last byte included.
        call.timeout().timeout(Math.max(1, left.toMillis()), TimeUnit.MILLISECONDS);
        try (Response response = call.execute()) {
            if (TRANSIENT.contains(response.code())) {
                return new Answer(null, response.code(), retryAfter(response));
            }
            if (response.code() != 200) {
                throw failure("%s answered %d".formatted(endpoint.host(), response.code()));
            }
            byte[] answer = response.body().byteStream().readNBytes(LARGEST_ANSWER + 1);
            if (answer.length > LARGEST_ANSWER) {
                throw failure("%s answered more than %d bytes".formatted(endpoint.host(), LARGEST_ANSWER));
            }
            return new Answer(text(answer), 200, Duration.ZERO);
        } catch (PromptEnhancementException e) {
            throw e;
        } catch (IOException e) {
            throw new PromptEnhancementException("%s did not answer: %s".formatted(endpoint.host(), e.getMessage()), e);
        }
    }

    private RequestBody body(String prompt) {
        ObjectNode request = JSON.createObjectNode();
        request.put("model", model).put("max_tokens", MOST_TOKENS).put("stream", false);
        var messages = request.putArray("messages");
        messages.addObject().put("role", "system").put("content", SYSTEM_PROMPT);
        messages.addObject().put("role", "user").put("content", prompt);
        return RequestBody.create(request.toString(), JSON_TYPE);
    }

    private String text(byte[] answer) throws PromptEnhancementException {
        JsonNode content;
        try {
            content = JSON.readTree(answer)
                    .path("choices")
                    .path(0)
                    .path("message")
                    .path("content");
        } catch (JsonProcessingException e) {
            throw failure("%s answered something that is no JSON".formatted(endpoint.host()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String caption = content.isTextual() ? Caption.of(content.asText()) : "";
        if (caption.isEmpty()) {
            throw failure("%s answered no text at choices[0].message.content".formatted(endpoint.host()));
        }
        return caption;
    }

    private static Duration retryAfter(Response response) {
        String seconds = response.header("Retry-After", "");
        Duration asked = seconds.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(seconds)) : LEAST_PAUSE;
        return asked.compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : asked;
    }

    private static PromptEnhancementException failure(String message) {
        return new PromptEnhancementException(message, null);
    }

    private static String resource(String name) {
        try (InputStream in = PromptEnhancer.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
