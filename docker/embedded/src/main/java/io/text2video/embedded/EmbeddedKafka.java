package io.text2video.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jboss.logging.Logger;

/**
 * Kafka's own broker and controller (KRaft) in this process, on loopback, for one machine: its data lie in a directory
 * and survive restarts. Ready when the constructor returns.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EmbeddedKafka.class);
    private static final String CONTROLLER = "CONTROLLER";
    private static final int NODE_ID = 1;

    private final KafkaRaftServer server;
    private final String bootstrapServers;

    /**
     * @param data the broker's own directory; formatted when it is new
     * @param port to listen on; 0 for any free one
     */
    public EmbeddedKafka(Path data, int port) throws IOException {
        this(data, port, Map.of());
    }

    /** @param overrides broker configuration that replaces this class's choice */
    public EmbeddedKafka(Path data, int port, Map<String, String> overrides) throws IOException {
        this(data, port, overrides, MetadataVersion.LATEST_PRODUCTION.version());
    }

    /**
     * A broker that behaves as one of an earlier release, for tests.
     *
     * @param release such as {@code 3.9}: a new directory is formatted with that release's features and no later ones, and
     *     keeps them
     */
    public EmbeddedKafka(Path data, int port, Map<String, String> overrides, String release) throws IOException {
        int brokerPort = port == 0 ? FreePort.find() : port;
        bootstrapServers = "127.0.0.1:" + brokerPort;
        boolean fresh = !Files.exists(data.resolve("meta.properties"));
        if (fresh) {
            format(data, MetadataVersion.fromVersionString(release, false));
        }
        Map<String, String> config = configuration(data, brokerPort, FreePort.find());
        config.putAll(overrides);
        server = new KafkaRaftServer(new KafkaConfig(config), Time.SYSTEM);
        server.startup();
        if (fresh && letsAnybodyIn(config)) {
            makeShareGroupState();
        }
    }

    /** Where clients connect: {@code 127.0.0.1:port}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static Map<String, String> configuration(Path data, int brokerPort, int controllerPort) {
        Map<String, String> config = new HashMap<>();
        config.put("process.roles", "broker,controller");
        config.put("node.id", Integer.toString(NODE_ID));
        config.put("log.dirs", data.toString());
        config.put("controller.listener.names", CONTROLLER);
        config.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        config.put(
                "listeners", "BROKER://127.0.0.1:" + brokerPort + "," + CONTROLLER + "://127.0.0.1:" + controllerPort);
        config.put("advertised.listeners", "BROKER://127.0.0.1:" + brokerPort);
        config.put("listener.security.protocol.map", "BROKER:PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        config.put("inter.broker.listener.name", "BROKER");
        config.put("group.initial.rebalance.delay.ms", "0");
        config.put("group.share.heartbeat.interval.ms", "200");
        config.put("group.share.min.heartbeat.interval.ms", "200");
        config.put("share.coordinator.state.topic.num.partitions", "1");
        config.put("offsets.topic.num.partitions", "1");
        config.put("transaction.state.log.num.partitions", "1");
        for (String topic : new String[] {"share.coordinator.state.topic", "transaction.state.log"}) {
            config.put(topic + ".replication.factor", "1");
            config.put(topic + ".min.isr", "1");
        }
        config.put("offsets.topic.replication.factor", "1");
        config.put("default.replication.factor", "1");
        config.put("min.insync.replicas", "1");
        config.put("log.cleaner.dedupe.buffer.size", "8388608");
        return config;
    }

    /** Whether a client needs no more than the address: one that lacks a certificate or a password would be tried for a minute. */
    private static boolean letsAnybodyIn(Map<String, String> config) {
        return config.get("listener.security.protocol.map").contains("BROKER:PLAINTEXT");
    }

    /**
     * Where the broker keeps what share groups have taken. It would make it, with these settings, for the first member of the
     * first group; which then waits a second, since the coordinator asks no sooner again.
     */
    private void makeShareGroupState() {
        var topic = new NewTopic(Topic.SHARE_GROUP_STATE_TOPIC_NAME, 1, (short) 1)
                .configs(Map.of("cleanup.policy", "delete", "retention.ms", "-1", "segment.bytes", "104857600"));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            LOG.warnf("topic %s not made, the broker makes it: %s", topic.name(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void format(Path data, MetadataVersion release) throws IOException {
        Files.createDirectories(data);
        var output = new ByteArrayOutputStream();
        try {
            new Formatter()
                    .setNodeId(NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(data.toString())
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName(CONTROLLER)
                    .setReleaseVersion(release)
                    .setPrintStream(new PrintStream(output, true, StandardCharsets.UTF_8))
                    .run();
        } catch (Exception e) {
            throw new IOException(
                    "the broker's directory %s cannot be formatted: %s"
                            .formatted(data, output.toString(StandardCharsets.UTF_8)),
                    e);
        }
    }
}
