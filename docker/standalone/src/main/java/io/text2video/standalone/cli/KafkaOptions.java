package io.text2video.standalone.cli;

import io.text2video.process.ServerFlags;
import io.text2video.standalone.fleet.FleetConfiguration;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Where Kafka is, and how it is spoken to: as gateways and workers are told it, unless an option says otherwise. */
final class KafkaOptions {
    private static final String SERVERS = CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG;

    @Mixin
    private ServerFlags.Kafka broker = new ServerFlags.Kafka();

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Properties of Kafka's clients, such as security.protocol, as Kafka's own tools take them"
                    + " (KAFKA_SECURITY_PROTOCOL and so on).")
    private Path file;

    /**
     * Configuration of Kafka's clients, {@code bootstrap.servers} among it.
     *
     * @param given what holds where no option says otherwise
     * @throws IOException when the file cannot be read
     */
    Map<String, Object> clientConfiguration(FleetConfiguration given) throws IOException {
        Map<String, Object> kafka = given.kafka();
        Properties properties = properties();
        properties.stringPropertyNames().forEach(name -> kafka.put(name, properties.getProperty(name)));
        broker.servers().ifPresent(servers -> kafka.put(SERVERS, servers));
        return kafka;
    }

    /** Whether the options or the environment say where Kafka is. */
    boolean hasBroker(FleetConfiguration given) throws IOException {
        return broker.servers().isPresent() || properties().containsKey(SERVERS) || given.hasBroker();
    }

    private Properties properties() throws IOException {
        var properties = new Properties();
        if (file != null) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new IOException("--command-config %s cannot be read: %s".formatted(file, e), e);
            }
        }
        return properties;
    }
}
