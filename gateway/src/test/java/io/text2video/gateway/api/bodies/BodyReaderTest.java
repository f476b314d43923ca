package io.text2video.gateway.api.bodies;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.MemorySize;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.api.errors.EarlyAnswer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a server of Vert.x alone, as bodies have a minute to come in the gateway's. */
class BodyReaderTest {
    private static final String REFUSED = "/refused";
    /** Where a body may take as long as a slow machine does. */
    private static final String PATIENT = "/patient";

    private static final int HANGS_MILLIS = 30_000;

    private final Vertx vertx = Vertx.vertx();
    private HttpServer server;

    @BeforeEach
    void serve() {
        BodyReader reader = reader(Duration.ofMillis(200));
        BodyReader patient = reader(Duration.ofMinutes(1));
        var router = Router.router(vertx);
        router.route()
                .handler(context -> (context.request().path().equals(PATIENT) ? patient : reader).limitTime(context));
        router.route(REFUSED).handler(BodyReaderTest::refuse);
        router.route()
                .handler(BodyReader::read)
                .handler(context -> context.end("got " + context.body().asString(UTF_8.name())));
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Content-Length: 6\r\n\r\na ball", "Transfer-Encoding: chunked\r\n\r\n6\r\na ball\r\n0\r\n\r\n"})
    void shouldHandABodyOn(String framed) throws Exception {
        try (var client = connect("/", framed)) {
            assertThat(nextLine(client)).isEqualTo("HTTP/1.1 200 OK");
            client.shutdownOutput();
            assertThat(rest(client)).endsWith("got a ball");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 7\r\n\r\na ball", "Transfer-Encoding: chunked\r\n\r\n6\r\na ball\r\n"})
    void shouldRefuseABodyThatDoesNotEndInTime(String framed) throws Exception {
        try (var client = connect("/", framed)) {
            assertThat(rest(client)).startsWith("HTTP/1.1 408 ").contains("\"code\":\"request_timeout\"");
        }
    }

    @Test
    void shouldCutAClientOffThatComesByDribsAndDrabs() throws Exception {
        try (var client = connect("/", "Transfer-Encoding: chunked\r\n\r\n")) {
            assertThat(endOfSending(client, "1\r\na\r\n")).isTrue();
        }
    }

    @Test
    void shouldCutAClientOffThatIsRefusedAndGoesOn() throws Exception {
        try (var client = connect(REFUSED, "Transfer-Encoding: chunked\r\n\r\n")) {
            assertThat(nextLine(client)).isEqualTo("HTTP/1.1 503 Service Unavailable");
            assertThat(endOfSending(client, "1\r\na\r\n")).isTrue();
        }
    }

    @Test
    void shouldRefuseAChunkedBodyAsSoonAsItIsTooLarge() throws Exception {
        try (var client = connect(PATIENT, "Transfer-Encoding: chunked\r\n\r\n")) {
            byte[] piece = "10000\r\n%s\r\n".formatted("a".repeat(1 << 16)).getBytes(UTF_8);
            for (int i = 0; i <= BodyLimits.TEXT >> 16; i++) {
                client.getOutputStream().write(piece);
            }

            assertThat(nextLine(client)).isEqualTo("HTTP/1.1 413 Request Entity Too Large");
        }
    }

    @Test
    void shouldAskForABodyThatTheClientHoldsBack() throws Exception {
        try (var client = connect("/", "Expect: 100-continue\r\nContent-Length: 6\r\n\r\n")) {
            assertThat(nextLine(client)).isEqualTo("HTTP/1.1 100 Continue");
        }
    }

    private static BodyReader reader(Duration timeout) {
        return new BodyReader(new BodyMemory.BodyConfig() {
            @Override
            public Optional<MemorySize> memory() {
                return Optional.empty();
            }

            @Override
            public Duration timeout() {
                return timeout;
            }
        });
    }

    private static void refuse(RoutingContext context) {
        EarlyAnswer.refuse(context.request(), ApiException.of(ApiErrorCode.OVERLOADED, "too much"));
    }

    private Socket connect(String path, String framed) throws IOException {
        var client = new Socket("localhost", server.actualPort());
        client.setSoTimeout(HANGS_MILLIS);
        client.getOutputStream()
                .write("POST %s HTTP/1.1\r\nHost: a\r\n%s"
                        .formatted(path, framed)
                        .getBytes(UTF_8));
        return client;
    }

    /** Whether there is one, within the time in which an end is to be expected. */
    private static boolean endOfSending(Socket client, String piece) throws IOException {
        long end = System.nanoTime() + Duration.ofMillis(HANGS_MILLIS).toNanos();
        try {
            while (System.nanoTime() < end) {
                client.getOutputStream().write(piece.getBytes(UTF_8));
                Thread.onSpinWait();
            }
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    private static String nextLine(Socket client) throws IOException {
        var line = new StringBuilder();
        for (int next = client.getInputStream().read();
                next != '\r' && next >= 0;
                next = client.getInputStream().read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    private static String rest(Socket client) throws IOException {
        return new String(client.getInputStream().readAllBytes(), UTF_8);
    }
}
