package io.text2video.common.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.smallrye.config.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that has no bucket, takes a request to make one, and says nothing. */
class SilentStoreTest {
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod());
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(404, -1);
                exchange.close();
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east-1", "eu-west-1"})
    void shouldNotBeWaitedForWithoutEnd(String region) {
        try (var store = new ObjectStore(config(region), Duration.ofSeconds(5))) {
            assertThatThrownBy(store::ensureBucket)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("make bucket videos");
            assertThat(store.failures()).isEqualTo(1);
        }
        assertThat(requests).startsWith("HEAD", "PUT");
    }

    @Test
    void shouldNotCallWhatIsNotThereAFailure() throws IOException {
        server.removeContext("/");
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        try (var store = new ObjectStore(config("us-east-1"), Duration.ofMinutes(1))) {
            assertThat(store.size("videos/nobody/result.json")).isEmpty();
            assertThat(store.failures()).isZero();
        }
    }

    private S3Config config(String region) {
        return new S3Config() {
            @Override
            public String endpoint() {
                return "http://127.0.0.1:" + server.getAddress().getPort();
            }

            @Override
            public Optional<String> accessKey() {
                return Optional.of("key");
            }

            @Override
            public Optional<Secret<String>> secretKey() {
                return Optional.of(() -> "secret-key");
            }

            @Override
            public String bucket() {
                return "videos";
            }

            @Override
            public String region() {
                return region;
            }
        };
    }
}
