package io.text2video.standalone.faults;

import io.text2video.embedded.EmbeddedKafka;
import io.text2video.embedded.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * Where the broker is: its data and ports stay, its process may be another. Beside its own listener, which nothing
 * disturbs, it has one for each group of clients, which are told to come through a proxy.
 */
final class BrokerPlace {
    private static final String OWN = "BROKER";
    private static final String CONTROLLER = "CONTROLLER";
    private static final int ANSWER_MILLIS = 10_000;

    private final Path data;
    private final int port;
    private final List<Listener> listeners;
    private final int controllerPort = FreePort.find();
    private Program program;

    /**
     * One group's way in.
     *
     * @param port of the broker
     * @param advertised the proxy's, which its clients are told
     */
    record Listener(String name, int port, int advertised) {}

    BrokerPlace(Path data, int port, Listener... others) throws IOException {
        this.data = data;
        this.port = port;
        listeners = Stream.concat(Stream.of(new Listener(OWN, port, port)), Stream.of(others))
                .toList();
    }

    /**
     * The process: the embedded broker, which runs until it is ended.
     *
     * @param args the broker's directory, its port, and configuration as {@code key=value}
     */
    public static void main(String[] args) throws Exception {
        Map<String, String> overrides = new HashMap<>();
        for (int i = 2; i < args.length; i++) {
            String[] entry = args[i].split("=", 2);
            overrides.put(entry[0], entry[1]);
        }
        var broker = new EmbeddedKafka(Path.of(args[0]), Integer.parseInt(args[1]), overrides);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-stop"));
        Thread.currentThread().join();
    }

    void start(Path logs, Leash leash) throws IOException {
        program = new Program("broker", arguments(), incarnation -> Map.of(), this::serves, logs, leash);
        program.start();
        program.awaitReady();
    }

    Program program() {
        return program;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** An open port is not enough: a broker that has not registered yet leads no partition, and is in no answer. */
    private boolean serves() {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS))) {
            return !admin.describeCluster().nodes().get().isEmpty();
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(
                "-Xms192m",
                "-Xmx384m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                BrokerPlace.class.getName(),
                data.toString(),
                Integer.toString(port)));
        configuration().forEach((key, value) -> arguments.add(key + "=" + value));
        return arguments;
    }

    private Map<String, String> configuration() {
        String controller = CONTROLLER + "://127.0.0.1:" + controllerPort;
        return Map.of(
                "listeners",
                joined(listener -> listener.name() + "://127.0.0.1:" + listener.port()) + "," + controller,
                "advertised.listeners",
                joined(listener -> listener.name() + "://127.0.0.1:" + listener.advertised()),
                "listener.security.protocol.map",
                joined(listener -> listener.name() + ":PLAINTEXT") + "," + CONTROLLER + ":PLAINTEXT",
                "controller.quorum.voters",
                "1@127.0.0.1:" + controllerPort,
                "group.share.min.record.lock.duration.ms",
                "1000",
                // Every snapshot is to be read back.
                "log.cleaner.min.compaction.lag.ms",
                Long.toString(Long.MAX_VALUE));
    }

    private String joined(java.util.function.Function<Listener, String> part) {
        return listeners.stream().map(part).collect(Collectors.joining(","));
    }
}
