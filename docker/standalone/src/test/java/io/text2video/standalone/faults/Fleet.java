package io.text2video.standalone.faults;

import io.text2video.common.topic.Pool;
import io.text2video.embedded.FreePort;
import io.text2video.worker.files.FileTree;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole fleet as processes: a broker, gateways and workers, and a store in this process. Gateways and workers reach
 * broker and store through proxies, each kind of them through its own; the harness reaches the broker directly. All of it
 * is gone when this is closed, or when this process is.
 */
final class Fleet implements AutoCloseable {
    static final Duration RECORD_LOCK = Duration.ofSeconds(3);
    static final String WEBHOOK_SECRET = "whsec_dGhlIGhhcm5lc3MncyB3ZWJob29rIHNlY3JldA==";
    private static final Path HOME = Path.of("../..").toAbsolutePath().normalize();

    private final Leash leash = new Leash();
    private final List<TcpProxy> proxies = new ArrayList<>();
    private final List<Program> gateways = new ArrayList<>();
    private final List<Program> workers = new ArrayList<>();
    private final List<URI> gatewayAddresses = new ArrayList<>();
    private final RecordingStore store;
    private final TcpProxy storeProxy;
    private final TcpProxy gatewaysBroker;
    private final TcpProxy workersBroker;
    private final BrokerPlace broker;
    private final Path models;
    private final Path logs;

    /**
     * Starts the broker and the store; gateways and workers are added.
     *
     * @param directory for everything that the fleet leaves behind; emptied first
     */
    Fleet(Path directory) throws Exception {
        logs = Files.createDirectories(emptied(directory).resolve("logs"));
        models = Files.createDirectories(directory.resolve("models")).toAbsolutePath();
        store = new RecordingStore(directory.resolve("s3"));
        storeProxy = proxy(store.port());
        int forGateways = FreePort.find();
        int forWorkers = FreePort.find();
        gatewaysBroker = proxy(forGateways);
        workersBroker = proxy(forWorkers);
        broker = new BrokerPlace(
                directory.resolve("kafka"),
                FreePort.find(),
                new BrokerPlace.Listener("GATEWAYS", forGateways, gatewaysBroker.port()),
                new BrokerPlace.Listener("WORKERS", forWorkers, workersBroker.port()));
        broker.start(logs, leash);
    }

    /** Starts one; {@link Program#awaitReady} waits for it. */
    Program addGateway(Map<String, String> environment) throws IOException {
        int port = FreePort.find();
        int managementPort = FreePort.find();
        Map<String, String> all = environment(gatewaysBroker, environment);
        all.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        all.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        all.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
        all.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        all.put("WEBHOOK_SECRET", WEBHOOK_SECRET);
        all.put("GATEWAY_ACCESS", "off");
        all.put("WEBHOOK_DANGEROUS_ALLOW_HTTP", "true");
        all.put("WEBHOOK_DANGEROUS_ALLOWED_NETWORKS", "127.0.0.0/8");
        String name = "gateway-" + (gateways.size() + 1);
        var gateway =
                new Program(name, gateway(), incarnation -> all, () -> Program.isReady(managementPort), logs, leash);
        gateway.start();
        gateways.add(gateway);
        gatewayAddresses.add(URI.create("http://127.0.0.1:" + port));
        return gateway;
    }

    /** Starts one of the default pool. */
    Program addWorker(Map<String, String> environment) throws IOException {
        return addWorker(Pool.DEFAULT, environment);
    }

    /** Starts one; each incarnation has an id of its own, so that it is seen when one takes another's attempt. */
    Program addWorker(Pool pool, Map<String, String> environment) throws IOException {
        int port = FreePort.find();
        Map<String, String> all = environment(workersBroker, environment);
        all.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        all.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        all.put("WORKER_POOL", pool.name());
        all.putIfAbsent("WORKER_MODELS", model(pool).toString());
        all.put("WORKER_THREADS", "1");
        String name = pool.name() + "-worker-" + (workers.size() + 1);
        var worker = new Program(
                name,
                worker(),
                incarnation -> {
                    Map<String, String> own = new HashMap<>(all);
                    own.put("WORKER_ID", Program.name(name, incarnation));
                    return own;
                },
                () -> Program.isReady(port),
                logs,
                leash);
        worker.start();
        workers.add(worker);
        return worker;
    }

    /** Where a pool's model is: each has one of its own, of the same files. */
    Path model(Pool pool) throws IOException {
        Path model = models.resolve(WantedVideo.model(pool));
        if (!Files.exists(model)) {
            Files.createSymbolicLink(model, HOME.resolve("models/cogvideox-tiny"));
        }
        return model;
    }

    Program broker() {
        return broker.program();
    }

    List<Program> gateways() {
        return List.copyOf(gateways);
    }

    List<Program> workers() {
        return List.copyOf(workers);
    }

    /** Where a gateway serves, in the order of their adding. */
    List<URI> gatewayAddresses() {
        return List.copyOf(gatewayAddresses);
    }

    /** The broker as the harness reaches it, past all proxies. */
    String bootstrapServers() {
        return broker.address();
    }

    RecordingStore store() {
        return store;
    }

    TcpProxy storeProxy() {
        return storeProxy;
    }

    TcpProxy gatewaysBroker() {
        return gatewaysBroker;
    }

    TcpProxy workersBroker() {
        return workersBroker;
    }

    @Override
    public void close() throws Exception {
        leash.close();
        for (TcpProxy proxy : proxies) {
            proxy.close();
        }
        store.close();
    }

    private TcpProxy proxy(int target) throws IOException {
        var proxy = new TcpProxy(target);
        proxies.add(proxy);
        return proxy;
    }

    private Map<String, String> environment(TcpProxy kafka, Map<String, String> own) {
        Map<String, String> environment = new HashMap<>();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + kafka.port());
        environment.put("S3_ENDPOINT", "http://127.0.0.1:" + storeProxy.port());
        environment.put("S3_ACCESS_KEY", RecordingStore.ACCESS_KEY);
        environment.put("S3_SECRET_KEY", RecordingStore.SECRET_KEY);
        environment.put("FLEET_RECORD_LOCK", RECORD_LOCK.toString());
        environment.put("GOMP_SPINCOUNT", "1000");
        environment.put("LC_ALL", "C.UTF-8");
        environment.putAll(own);
        return environment;
    }

    private static List<String> gateway() {
        return application("-jar", jar("gateway").toString());
    }

    /** From the classes that a generate has kept since the build, where one has: half of a start is their loading. */
    private static List<String> worker() throws IOException {
        Path launch = HOME.resolve("docker/standalone/target/launch");
        Path kept = launch.resolve("worker.jsa");
        Path jar = jar("worker");
        if (!Files.exists(kept) || Files.getLastModifiedTime(kept).compareTo(Files.getLastModifiedTime(jar)) < 0) {
            return application("-jar", jar.toString());
        }
        return application("-XX:SharedArchiveFile=" + kept, "@" + launch.resolve("worker.args"));
    }

    private static Path jar(String module) {
        return HOME.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
    }

    private static List<String> application(String... program) {
        List<String> arguments =
                new ArrayList<>(List.of("-Xms48m", "-Xmx192m", "-Dai.djl.offline=true", "-Dtext2video.home=" + HOME));
        arguments.addAll(List.of(program));
        return arguments;
    }

    private static Path emptied(Path directory) throws IOException {
        FileTree.delete(directory);
        return Files.createDirectories(directory);
    }
}
