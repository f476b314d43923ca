package io.text2video.standalone.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Takes the fleet's webhooks and checks their signatures. It answers the first calls of some with 500: as many as the path
 * says.
 */
final class WebhookReceiver implements AutoCloseable {
    private static final String PATH = "/hooks/";
    /** Of so many submissions one is answered with 500 when it is first told of. */
    private static final int REFUSED_FIRST = 5;
    /** So that it is called again some seconds after its job has ended, when the job is deleted. */
    private static final int REFUSED_UNTIL_DELETED = 4;

    private static final ObjectMapper JSON = new ObjectMapper();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<Integer, Integer> counts = new ConcurrentHashMap<>();
    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final Webhook secret = new Webhook(Fleet.WEBHOOK_SECRET);

    /**
     * A call that it got.
     *
     * @param number the submission's, from the path
     * @param id the {@code webhook-id}
     * @param signed whether its signature was right, and in time
     * @param answer the status that it got
     */
    record Call(
            Instant time, int number, String id, boolean signed, String type, String job, String status, int answer) {}

    WebhookReceiver() throws Exception {
        server.createContext(PATH, this::receive);
        server.start();
    }

    /** Where the submission's webhook goes, as {@code /hooks/REFUSALS/NUMBER}. */
    String url(int number, Sequel sequel) {
        int refusals;
        if (sequel == Sequel.DELETE_ENDED) {
            refusals = REFUSED_UNTIL_DELETED;
        } else {
            refusals = number % REFUSED_FIRST == 0 ? 1 : 0;
        }
        return "http://127.0.0.1:" + server.getAddress().getPort() + PATH + refusals + "/" + number;
    }

    /** The submission that such a URL is of. */
    static int number(String url) {
        return Integer.parseInt(url.substring(url.lastIndexOf('/') + 1));
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    private void receive(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String path = exchange.getRequestURI().getPath();
        int number = number(path);
        int answer = counts.merge(number, 1, Integer::sum) <= refusals(path) ? 500 : 204;
        JsonNode call = JSON.readTree(body);
        calls.add(new Call(
                Instant.now(),
                number,
                exchange.getRequestHeaders().getFirst("webhook-id"),
                isSigned(exchange, body),
                call.path("type").asText(),
                call.path("data").path("id").asText(),
                call.path("data").path("status").asText(),
                answer));
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    private static int refusals(String path) {
        return Integer.parseInt(path.substring(PATH.length(), path.lastIndexOf('/')));
    }

    private boolean isSigned(HttpExchange exchange, String body) {
        try {
            secret.verify(body, HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true));
            return true;
        } catch (WebhookVerificationException e) {
            return false;
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
