package io.text2video.embedded;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A cluster in which a topic can have two replicas. */
final class TwoBrokers implements AutoCloseable {
    private final EmbeddedKafka first;
    private final EmbeddedKafka second;

    /** @param settings of both */
    TwoBrokers(Path data, Map<String, String> settings) throws Exception {
        int port = FreePort.find();
        int controllerPort = FreePort.find();
        Map<String, String> voters = Map.of("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        Map<String, String> listeners =
                Map.of("listeners", "BROKER://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort));
        first = new EmbeddedKafka(data.resolve("1"), port, all(settings, voters, listeners));
        try {
            format(data.resolve("2"), clusterId(data.resolve("1")));
            int secondPort = FreePort.find();
            Map<String, String> brokerOnly =
                    Map.of("process.roles", "broker", "node.id", "2", "listeners", "BROKER://127.0.0.1:" + secondPort);
            second = new EmbeddedKafka(data.resolve("2"), secondPort, all(settings, voters, brokerOnly));
        } catch (Exception | Error e) {
            first.close();
            throw e;
        }
    }

    String bootstrapServers() {
        return first.bootstrapServers() + "," + second.bootstrapServers();
    }

    @SafeVarargs
    private static Map<String, String> all(Map<String, String>... parts) {
        Map<String, String> all = new HashMap<>();
        for (Map<String, String> part : parts) {
            all.putAll(part);
        }
        return all;
    }

    private static String clusterId(Path formatted) throws Exception {
        var properties = new Properties();
        try (InputStream in = Files.newInputStream(formatted.resolve("meta.properties"))) {
            properties.load(in);
        }
        return properties.getProperty("cluster.id");
    }

    private static void format(Path data, String clusterId) throws Exception {
        Files.createDirectories(data);
        new Formatter()
                .setNodeId(2)
                .setClusterId(clusterId)
                .addDirectory(data.toString())
                .setMetadataLogDirectory(data.toString())
                .setControllerListenerName("CONTROLLER")
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setPrintStream(new PrintStream(new ByteArrayOutputStream()))
                .run();
    }

    @Override
    public void close() {
        second.close();
        first.close();
    }
}
