package io.text2video.standalone;

import io.text2video.embedded.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;

/** A {@code ./text2video gateway} on ports that nobody else had. */
final class LaunchedGateway implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Launched process;
    private final URI uri;
    private final HttpRequest readiness;

    private LaunchedGateway(Launched process, int port, int managementPort) {
        this.process = process;
        uri = URI.create("http://127.0.0.1:" + port);
        readiness = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready"))
                .build();
    }

    static LaunchedGateway start(Map<String, String> environment) throws IOException {
        int port = FreePort.find();
        int managementPort = FreePort.find();
        Map<String, String> all = new HashMap<>(environment);
        all.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
        return new LaunchedGateway(
                Launched.start(all, "gateway", "--port", Integer.toString(port)), port, managementPort);
    }

    Launched process() {
        return process;
    }

    URI uri() {
        return uri;
    }

    /** The status of its answer to whether it is ready. */
    int readiness() throws IOException, InterruptedException {
        return CLIENT.send(readiness, BodyHandlers.discarding()).statusCode();
    }

    void awaitReady() {
        Awaitility.await("gateway at " + uri)
                .atMost(Duration.ofMinutes(3))
                .ignoreExceptions()
                .until(() -> readiness() == 200);
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
