package io.text2video.worker.hub;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A hub on this machine that speaks the public one's protocol: metadata and small files on one port, large files behind
 * a redirect to a store on another, whose headers differ. It can be told to fail in the ways that networks do.
 */
final class LocalHub implements AutoCloseable {
    private static final Pattern API = Pattern.compile("/api/models/([^/]+/[^/]+)/revision/(.+)");
    private static final Pattern RESOLVE = Pattern.compile("/([^/]+/[^/]+)/resolve/([^/]+)/(.+)");
    private static final Pattern CACHED = Pattern.compile("/api/resolve-cache/models/([^/]+/[^/]+)/([^/]+)/(.+)");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");
    private static final int PIECE = 1 << 14;

    /** A request as it came in. */
    record Asked(String server, String method, String path, String authorization, String userAgent, String range) {}

    /** An answer that is no success. */
    record Refusal(int status, Map<String, String> headers) {}

    final Faults faults = new Faults();
    final List<Asked> asked = new CopyOnWriteArrayList<>();

    /** To each of these requests comes one refusal, in this order. */
    final Deque<Refusal> refusals = new ConcurrentLinkedDeque<>();

    /** Bytes of content that were sent, by file. */
    final Map<String, Long> sent = new ConcurrentHashMap<>();

    private final Map<String, LocalRepository> repositories = new ConcurrentHashMap<>();
    private final HttpServer hub;
    private final HttpServer store;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    LocalHub() throws IOException {
        this.hub = serve("hub", this::answer);
        this.store = serve("store", this::content);
    }

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    LocalRepository publish(String id, Path directory) throws IOException {
        var repository = LocalRepository.of(directory);
        repositories.put(id, repository);
        return repository;
    }

    private HttpServer serve(String name, Handler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            var headers = exchange.getRequestHeaders();
            asked.add(new Asked(
                    name,
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    headers.getFirst("Authorization"),
                    headers.getFirst("User-Agent"),
                    headers.getFirst("Range")));
            try (exchange) {
                handler.handle(exchange);
            }
        });
        server.start();
        return server;
    }

    private void answer(HttpExchange exchange) throws IOException {
        Refusal refusal = refusals.poll();
        if (refusal == null && faults.token != null && !("Bearer " + faults.token).equals(token(exchange))) {
            refusal = new Refusal(token(exchange) == null ? 401 : 403, Map.of("X-Error-Code", "GatedRepo"));
        }
        if (refusal != null) {
            refuse(exchange, refusal);
            return;
        }
        String path = exchange.getRequestURI().getRawPath();
        Matcher api = API.matcher(path);
        Matcher resolve = RESOLVE.matcher(path);
        Matcher cached = CACHED.matcher(path);
        if (api.matches()) {
            list(exchange, api.group(1), api.group(2).replace("%2F", "/"));
        } else if (cached.matches()) {
            resolve(exchange, cached.group(1), cached.group(2), cached.group(3), true);
        } else if (resolve.matches()) {
            resolve(exchange, resolve.group(1), resolve.group(2), resolve.group(3), false);
        } else {
            refuse(exchange, new Refusal(404, Map.of()));
        }
    }

    private void list(HttpExchange exchange, String id, String revision) throws IOException {
        LocalRepository repository = repositories.get(id);
        if (repository == null || !repository.has(revision)) {
            String code = repository == null ? "RepoNotFound" : "RevisionNotFound";
            refuse(exchange, new Refusal(404, Map.of("X-Error-Code", code)));
            return;
        }
        ObjectNode info = new JsonMapper().createObjectNode();
        info.put("id", id).put("modelId", id).put("private", false).put("sha", repository.commit());
        var siblings = info.putArray("siblings");
        repository.files().keySet().forEach(file -> siblings.addObject().put("rfilename", file));
        byte[] body = info.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private void resolve(HttpExchange exchange, String id, String revision, String name, boolean direct)
            throws IOException {
        LocalRepository repository = repositories.get(id);
        var headers = exchange.getResponseHeaders();
        if (repository == null || !repository.has(revision)) {
            refuse(exchange, new Refusal(404, Map.of("X-Error-Code", "RevisionNotFound")));
            return;
        }
        headers.set("X-Repo-Commit", repository.commit());
        byte[] content = repository.files().get(name);
        if (content == null || faults.gone.contains(name)) {
            refuse(exchange, new Refusal(404, Map.of("X-Error-Code", "EntryNotFound")));
            return;
        }
        String etag = LocalRepository.etag(name, content);
        if (LocalRepository.large(name)) {
            headers.set("ETag", "\"" + etag.substring(0, 32) + "\"");
            headers.set("X-Linked-Etag", "\"" + etag + "\"");
            headers.set("X-Linked-Size", Long.toString(content.length + faults.announcedMore));
            headers.set(
                    "Location",
                    "http://127.0.0.1:%d/%s/%s?X-Signature=s"
                            .formatted(store.getAddress().getPort(), id, name));
            exchange.sendResponseHeaders(302, -1);
        } else if (faults.indirect && !direct) {
            headers.set("Location", "/api/resolve-cache/models/" + id + "/" + revision + "/" + name);
            exchange.sendResponseHeaders(307, -1);
        } else {
            headers.set("ETag", (faults.weak ? "W/" : "") + "\"" + etag + "\"");
            send(exchange, name, content);
        }
    }

    /** The store wants its signature and, as S3 does, no other authorization beside it. */
    private void content(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/", 4);
        byte[] content = repositories.get(path[1] + "/" + path[2]).files().get(path[3]);
        if (token(exchange) != null
                || !"X-Signature=s".equals(exchange.getRequestURI().getQuery())) {
            refuse(exchange, new Refusal(400, Map.of()));
            return;
        }
        exchange.getResponseHeaders().set("ETag", "\"of-the-store\"");
        send(exchange, path[3], content);
    }

    private void send(HttpExchange exchange, String name, byte[] right) throws IOException {
        byte[] content = faults.falsified(name, right);
        var headers = exchange.getResponseHeaders();
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        Matcher asked = RANGE.matcher(range == null ? "" : range);
        int from = faults.ranges && asked.matches() ? Integer.parseInt(asked.group(1)) : 0;
        if (from >= content.length && from > 0) {
            refuse(exchange, new Refusal(416, Map.of()));
            return;
        }
        if (from > 0) {
            headers.set("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
        }
        byte[] rest = Arrays.copyOfRange(content, from, content.length);
        int announced = Math.min(rest.length, faults.contentLength);
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, announced == 0 ? -1 : announced);
        stream(exchange.getResponseBody(), name, Arrays.copyOf(rest, Math.min(announced, faults.cutAfter)));
    }

    private void stream(OutputStream out, String name, byte[] content) throws IOException {
        for (int position = 0; position < content.length; position += PIECE) {
            int length = Math.min(PIECE, content.length - position);
            // Before it is: who has read the last one may ask at once.
            sent.merge(name, (long) length, Long::sum);
            out.write(content, position, length);
            out.flush();
            faults.afterPiece.accept(name);
        }
    }

    private static String token(HttpExchange exchange) {
        return exchange.getRequestHeaders().getFirst("Authorization");
    }

    private static void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
        refusal.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(refusal.status(), -1);
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }

    /** Serves a directory until the process ends: {@code LocalHub ORG/NAME DIRECTORY}. Prints the endpoint. */
    public static void main(String... arguments) throws IOException {
        var hub = new LocalHub();
        hub.publish(arguments[0], Path.of(arguments[1]));
        System.out.println(hub.endpoint());
    }
}
