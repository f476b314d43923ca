package io.text2video.gateway.webhook;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Somebody's HTTP server that is called: answers with the statuses it is given, then with 204. */
public final class Receiver implements AutoCloseable {
    public record Call(Map<String, List<String>> headers, String body) {
        public String header(String name) {
            return headers.get(name).get(0);
        }
    }

    private static final int NO_BODY = -1;
    private static final int FOUND = 302;
    private static final int NO_CONTENT = 204;

    public final List<Call> calls = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    public Receiver(Integer... statuses) throws IOException {
        this(InetAddress.getLoopbackAddress(), null, statuses);
    }

    /** One that others' calls do not concern: all of {@code 127.0.0.0/8} is this machine. */
    static Receiver at(String address, Integer... statuses) throws IOException {
        return new Receiver(InetAddress.getByName(address), null, statuses);
    }

    /** Sends the first call to {@code location}, and takes what comes then. */
    static Receiver redirecting(String location) throws IOException {
        return new Receiver(InetAddress.getLoopbackAddress(), location, FOUND);
    }

    private Receiver(InetAddress address, String location, Integer... statuses) throws IOException {
        Queue<Integer> answers = new ArrayDeque<>(List.of(statuses));
        server = HttpServer.create(new InetSocketAddress(address, 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            calls.add(new Call(Map.copyOf(exchange.getRequestHeaders()), body));
            Integer status = answers.poll();
            if (location != null) {
                exchange.getResponseHeaders().add("Location", location);
            }
            exchange.sendResponseHeaders(status == null ? NO_CONTENT : status, NO_BODY);
            exchange.close();
        });
        server.start();
    }

    public String url() {
        return "http://%s:%d/hooks?token=secret-token"
                .formatted(
                        server.getAddress().getAddress().getHostAddress(),
                        server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
