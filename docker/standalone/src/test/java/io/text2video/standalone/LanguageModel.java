package io.text2video.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Behind OpenAI's chat completions, on loopback: it makes one caption of every prompt. */
final class LanguageModel implements AutoCloseable {
    static final String CAPTION =
            "A bright red ball rolls to the left over a black floor while the camera stands still.";

    /** What its requests had in {@code Authorization}. */
    final List<String> authorizations = new CopyOnWriteArrayList<>();

    private final HttpServer server;

    LanguageModel() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = "{\"choices\": [{\"message\": {\"content\": \"%s\"}}]}"
                    .formatted(CAPTION)
                    .getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** What a worker is told that is to ask it with that key. */
    Map<String, String> environment(String key) {
        String url = "http://127.0.0.1:%d/v1".formatted(server.getAddress().getPort());
        return Map.of("WORKER_ENHANCER_URL", url, "WORKER_ENHANCER_MODEL", "writer", "WORKER_ENHANCER_API_KEY", key);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
