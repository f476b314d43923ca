package io.text2video.standalone.faults;

import io.text2video.embedded.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Servers on loopback, and whether they serve. */
final class Ports {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    private Ports() {}

    static int free() throws IOException {
        return FreePort.find();
    }

    /** Whether the Quarkus application there says that it is ready. */
    static boolean isReady(int port) {
        var ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                .timeout(PATIENCE)
                .build();
        try {
            return HTTP.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
