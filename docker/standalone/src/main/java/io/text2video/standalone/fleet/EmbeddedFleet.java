package io.text2video.standalone.fleet;

import io.quarkus.runtime.Quarkus;
import io.text2video.embedded.EmbeddedServices;
import io.text2video.embedded.FreePort;
import io.text2video.embedded.S3Location;
import io.text2video.process.ClassArchive;
import io.text2video.process.Ports;
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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * The whole fleet: broker and store and gateway in this process, and one worker in a process of its own, which is started
 * again when a native library takes it down. At most one a process, and one a data directory. Closed in the reverse order of its start, also when the process is told to
 * end.
 */
public final class EmbeddedFleet implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration START_LIMIT = Duration.ofMinutes(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration WORKER_STOP_LIMIT = Duration.ofSeconds(35);

    private final Deque<AutoCloseable> parts = new ConcurrentLinkedDeque<>();
    private final CompletableFuture<Integer> application = new CompletableFuture<>();
    private final Thread closeAtExit = new Thread(this::exit, "fleet-exit");
    private final URI gateway;
    private final URI gatewayHealth;
    private final URI workerHealth;
    private final Map<String, String> services;
    private final SupervisedProcess worker;
    private final StartListener listener;
    private volatile boolean ready;

    /**
     * Starts the fleet and waits until it takes jobs. The worker's process starts beside the broker and the gateway: it has a
     * model to load before it needs them.
     *
     * @param given what the environment says
     * @throws IOException when the data directory is in use, a port is taken, or a part does not start
     * @throws IllegalArgumentException when the environment names another broker or store
     */
    public EmbeddedFleet(FleetOptions options, FleetConfiguration given, StartListener listener) throws IOException {
        this.listener = listener;
        given.requireOwnServices();
        Ports.requireFree("--port", options.host(), "--host", options.port());
        Ports.requireFree("QUARKUS_MANAGEMENT_PORT", LOOPBACK, "--host", options.managementPort());
        Ports.requireFree("--kafka-port", LOOPBACK, "--host", options.kafkaPort());
        Ports.requireFree("--s3-port", LOOPBACK, "--host", options.s3Port());
        Runtime.getRuntime().addShutdownHook(closeAtExit);
        try {
            var directory = new DataDirectory(options.data());
            parts.push(directory);
            directory.warning().ifPresent(listener::warning);
            Path data = directory.path();
            parts.push(lock(data));
            FleetSecrets secrets = FleetSecrets.in(data).orGiven(given);

            int kafkaPort = orFree(options.kafkaPort());
            var store = new S3Location(
                    "http://%s:%d".formatted(LOOPBACK, orFree(options.s3Port())),
                    secrets.s3AccessKey(),
                    secrets.s3SecretKey());
            services = EmbeddedServices.configuration("%s:%d".formatted(LOOPBACK, kafkaPort), store);
            var settings = new FleetSettings(options, data, secrets, services, given);

            int workerPort = FreePort.find();
            workerHealth = health(workerPort);
            worker = startWorker(options, data, settings.worker(workerPort));

            startServices(data, kafkaPort, store, secrets);

            int port = orFree(options.port());
            int managementPort = orFree(options.managementPort());
            gateway = options.gateway(port);
            gatewayHealth = health(managementPort);
            settings.gateway(port, managementPort).forEach(System::setProperty);
            startApplication();
            // At the end first, beside the gateway. Where nothing stays, there is nothing to hand over either.
            parts.push(directory.isTemporary() && !ClassArchive.isWanted() ? worker::kill : worker::end);
            awaitReady();
            worker.established();
            if (options.console() == FleetOptions.Console.SUMMARY) {
                parts.push(JobLog.open(
                        Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka()), System.err::println));
            }
            ready = true;
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        } catch (LinkageError e) {
            // Classes of the broker cannot be initialized while the process is told to end.
            close();
            throw new IOException("the fleet did not start: " + e, e);
        }
    }

    /** At the end they are closed after the worker, whose last words they take. Nobody closes what is being started. */
    private synchronized void startServices(Path data, int kafkaPort, S3Location store, FleetSecrets secrets)
            throws IOException {
        listener.stage("broker");
        try {
            parts.push(new EmbeddedServices(
                    data,
                    kafkaPort,
                    URI.create(store.endpoint()).getPort(),
                    secrets.s3AccessKey(),
                    secrets.s3SecretKey()));
        } finally {
            parts.push(worker);
        }
    }

    private static int orFree(int port) throws IOException {
        return port == 0 ? FreePort.find() : port;
    }

    private static URI health(int port) {
        return URI.create("http://%s:%d/q/health".formatted(LOOPBACK, port));
    }

    /** Where the gateway listens. */
    public URI gateway() {
        return gateway;
    }

    /** Where the gateway tells how it is. */
    public URI gatewayHealth() {
        return gatewayHealth;
    }

    /** Where the worker tells how it is. */
    public URI worker() {
        return workerHealth;
    }

    /** The broker's {@code bootstrap.servers}. */
    public String kafka() {
        return services.get("kafka.bootstrap.servers");
    }

    /** The store's endpoint. */
    public String s3() {
        return services.get("s3.endpoint");
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

    private SupervisedProcess startWorker(FleetOptions options, Path data, Map<String, String> config)
            throws IOException {
        ProcessBuilder launch = WorkerLaunch.of(Path.of(System.getProperty("text2video.home", "")), data, config);
        if (options.console() != FleetOptions.Console.NOTHING) {
            return new SupervisedProcess(launch, System.err::println, WORKER_STOP_LIMIT);
        }
        // What is no log, as a crash of the JVM.
        var output = new PrintWriter(
                Files.newBufferedWriter(
                        data.resolve("worker.out"), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                true);
        parts.push(output);
        return new SupervisedProcess(launch, output::println, WORKER_STOP_LIMIT);
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
        listener.stage("gateway");
        await(client, gatewayHealth.resolve("/q/health/ready"));
        listener.stage("model");
        await(client, workerHealth.resolve("/q/health/ready"));
    }

    private void await(HttpClient client, URI health) throws IOException {
        HttpRequest ready =
                HttpRequest.newBuilder(health).timeout(Duration.ofSeconds(5)).build();
        long limit = System.nanoTime() + START_LIMIT.toNanos();
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
        if (!ready) {
            listener.interrupted();
        }
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
