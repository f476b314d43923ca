package io.text2video.standalone.fleet;

import io.quarkus.runtime.Quarkus;
import io.text2video.embedded.EmbeddedServices;
import io.text2video.embedded.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The whole fleet in this process: broker and store, and the gateway and one worker as one Quarkus application. At most
 * one a process, and one a data directory. Closed in the reverse order of its start, also when the process is told to
 * end.
 */
public final class EmbeddedFleet implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final Deque<AutoCloseable> parts = new ConcurrentLinkedDeque<>();
    private final CompletableFuture<Integer> application = new CompletableFuture<>();
    private final Thread closeAtExit = new Thread(this::closeParts, "fleet-exit");
    private final URI gateway;
    private final EmbeddedServices services;

    /**
     * Starts the fleet and waits until it takes jobs.
     *
     * @throws IOException when the data directory is in use, a port is taken, or a part does not start
     */
    public EmbeddedFleet(FleetOptions options) throws IOException {
        Runtime.getRuntime().addShutdownHook(closeAtExit);
        try {
            var directory = new DataDirectory(options.data());
            parts.push(directory);
            Path data = directory.path();
            parts.push(lock(data));
            FleetSecrets secrets = FleetSecrets.in(data);

            services = new EmbeddedServices(
                    data, options.kafkaPort(), options.s3Port(), secrets.s3AccessKey(), secrets.s3SecretKey());
            parts.push(services);

            int port = options.port() == 0 ? FreePort.find() : options.port();
            gateway = URI.create(
                    "http://" + (options.host().equals("0.0.0.0") ? "127.0.0.1" : options.host()) + ":" + port);
            configure(options, data, secrets, port).forEach(System::setProperty);
            startApplication();
            awaitReady();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Where the gateway listens. */
    public URI gateway() {
        return gateway;
    }

    /** The broker's {@code bootstrap.servers}. */
    public String kafka() {
        return services.bootstrapServers();
    }

    /** The store's endpoint. */
    public String s3() {
        return services.s3().endpoint();
    }

    /**
     * Waits until the application ends.
     *
     * @return its exit code
     */
    public int awaitExit() throws InterruptedException {
        try {
            return application.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the fleet's application failed: " + e.getCause().getMessage(), e.getCause());
        }
    }

    private Map<String, String> configure(FleetOptions options, Path data, FleetSecrets secrets, int port) {
        Map<String, String> config = new HashMap<>(services.configuration());
        config.put("quarkus.http.host", options.host());
        config.put("quarkus.http.port", Integer.toString(port));
        config.put("quarkus.vertx.cache-directory", data.resolve("vertx-cache").toString());
        config.put(
                "quarkus.http.body.uploads-directory", data.resolve("uploads").toString());
        config.put("webhook.secret", secrets.webhookSecret());
        if (options.quiet()) {
            config.put("quarkus.log.console.enabled", "false");
            config.put("quarkus.log.file.enabled", "true");
            config.put("quarkus.log.file.path", data.resolve("fleet.log").toString());
        }
        config.putAll(options.settings());
        return config;
    }

    private void startApplication() {
        var thread = new Thread(
                () -> Quarkus.run(null, (code, failure) -> {
                    if (failure == null) {
                        application.complete(code);
                    } else {
                        application.completeExceptionally(failure);
                    }
                }),
                "fleet");
        thread.start();
        parts.push(() -> {
            Quarkus.asyncExit();
            thread.join(STOP_LIMIT.toMillis());
        });
    }

    private void awaitReady() throws IOException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest ready = HttpRequest.newBuilder(gateway.resolve("/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long limit = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < limit) {
            if (answersOk(client, ready)) {
                return;
            }
            Optional<String> failure = endedWithin(Duration.ofMillis(50));
            if (failure.isPresent()) {
                throw new IOException("the fleet did not start: " + failure.get());
            }
        }
        throw new IOException("the fleet was not ready within " + START_LIMIT.toMinutes() + " minutes");
    }

    private static boolean answersOk(HttpClient client, HttpRequest request) throws IOException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notListeningYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the fleet started", e);
        }
    }

    private Optional<String> endedWithin(Duration wait) throws IOException {
        try {
            return Optional.of("exit code " + application.get(wait.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException running) {
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(String.valueOf(e.getCause().getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the fleet started", e);
        }
    }

    private static FileChannel lock(Path data) throws IOException {
        var channel = FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new IOException(
                    "another fleet is using %s: stop it, or give this one its own --data".formatted(data));
        }
        return channel;
    }

    @Override
    public void close() {
        closeParts();
        try {
            Runtime.getRuntime().removeShutdownHook(closeAtExit);
        } catch (IllegalStateException exiting) {
            // The hook is running, or about to: it finds nothing left to close.
        }
    }

    private synchronized void closeParts() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                System.err.println("text2video: " + part + " did not close: " + e.getMessage());
            }
        }
    }
}
