package io.text2video.standalone.fleet;

import io.quarkus.runtime.Quarkus;
import io.text2video.embedded.EmbeddedServices;
import io.text2video.embedded.FreePort;
import io.text2video.process.SecondSignal;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The whole fleet: broker and store and gateway in this process, and one worker in a process of its own, which is started
 * again when a native library takes it down. At most one a process, and one a data directory. Closed in the reverse order of its start, also when the process is told to
 * end.
 */
public final class EmbeddedFleet implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration WORKER_STOP_LIMIT = Duration.ofSeconds(35);

    private final Deque<AutoCloseable> parts = new ConcurrentLinkedDeque<>();
    private final CompletableFuture<Integer> application = new CompletableFuture<>();
    private final Thread closeAtExit = new Thread(this::exit, "fleet-exit");
    private final URI gateway;
    private final URI workerHealth;
    private final EmbeddedServices services;
    private final SupervisedProcess worker;

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

            int workerPort = FreePort.find();
            workerHealth = URI.create("http://127.0.0.1:" + workerPort + "/q/health");
            worker = startWorker(options, data, workerPort);
            parts.push(worker);

            int port = options.port() == 0 ? FreePort.find() : options.port();
            gateway = URI.create(
                    "http://" + (options.host().equals("0.0.0.0") ? "127.0.0.1" : options.host()) + ":" + port);
            configure(options, data, secrets, port).forEach(System::setProperty);
            startApplication();
            awaitReady();
            worker.established();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Where the gateway listens. */
    public URI gateway() {
        return gateway;
    }

    /** Where the worker tells how it is. */
    public URI worker() {
        return workerHealth;
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
        config.put("worker.enabled", "false");
        config.put("webhook.secret", secrets.webhookSecret());
        if (options.quiet()) {
            config.put("quarkus.log.console.enabled", "false");
            config.put("quarkus.log.file.enabled", "true");
            config.put("quarkus.log.file.path", data.resolve("fleet.log").toString());
        }
        config.putAll(options.settings());
        return config;
    }

    private SupervisedProcess startWorker(FleetOptions options, Path data, int port) throws IOException {
        Map<String, String> config = new HashMap<>(services.configuration());
        config.put("quarkus.http.host", "127.0.0.1");
        config.put("quarkus.http.port", Integer.toString(port));
        config.put(
                "quarkus.vertx.cache-directory",
                data.resolve("worker-vertx-cache").toString());
        config.put(
                "quarkus.http.body.uploads-directory",
                data.resolve("worker-uploads").toString());
        config.put("quarkus.log.category.\"ai.djl\".level", "WARN");
        config.put("quarkus.log.category.\"io.micrometer\".level", "ERROR");
        config.put("worker.end-with-input", "true");
        config.putAll(options.settings());
        ProcessBuilder launch = WorkerLaunch.of(Path.of(System.getProperty("text2video.home", "")), data, config);
        if (!options.quiet()) {
            return new SupervisedProcess(launch, System.err::println, WORKER_STOP_LIMIT);
        }
        var log = new PrintWriter(
                Files.newBufferedWriter(
                        data.resolve("worker.log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                true);
        parts.push(log);
        return new SupervisedProcess(launch, log::println, WORKER_STOP_LIMIT);
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
        long limit = System.nanoTime() + START_LIMIT.toNanos();
        for (URI health : List.of(gateway.resolve("/q/health/ready"), workerHealth.resolve("/q/health/ready"))) {
            HttpRequest ready = HttpRequest.newBuilder(health)
                    .timeout(Duration.ofSeconds(5))
                    .build();
            while (!answersOk(client, ready)) {
                Optional<String> failure = endedWithin(Duration.ofMillis(50)).or(worker::failure);
                if (failure.isPresent()) {
                    throw new IOException("the fleet did not start: " + failure.get());
                }
                if (System.nanoTime() > limit) {
                    throw new IOException("the fleet was not ready within " + START_LIMIT.toMinutes() + " minutes");
                }
            }
        }
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

    private void exit() {
        SecondSignal.endsAtOnce();
        closeParts();
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
