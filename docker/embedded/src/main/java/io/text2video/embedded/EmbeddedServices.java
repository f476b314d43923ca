package io.text2video.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Utils;

/** What a fleet needs around it, a broker and a store, over one directory and on loopback. */
public final class EmbeddedServices implements AutoCloseable {
    private final EmbeddedS3 s3;
    private final EmbeddedKafka kafka;
    private Path removedAtClose;

    /** On any free ports, with keys of no secrecy: for tests. */
    public EmbeddedServices(Path data) throws IOException {
        this(data, 0, 0, "embedded", "embedded-secret");
    }

    /** The same, over a directory that is removed when they are closed. */
    public static EmbeddedServices temporary() {
        try {
            Path data = Files.createTempDirectory("text2video-services-");
            EmbeddedServices services = new EmbeddedServices(data);
            services.removedAtClose = data;
            return services;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts both.
     *
     * @param data kept over restarts
     * @param kafkaPort 0 for any free one
     * @param s3Port 0 for any free one
     * @throws IOException when one does not start; the other is stopped then
     */
    public EmbeddedServices(Path data, int kafkaPort, int s3Port, String accessKey, String secretKey)
            throws IOException {
        s3 = new EmbeddedS3(data.resolve("s3"), s3Port, accessKey, secretKey);
        try {
            kafka = new EmbeddedKafka(data.resolve("kafka"), kafkaPort);
        } catch (IOException | RuntimeException e) {
            s3.close();
            throw e;
        }
    }

    /** The broker's {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** How to reach the store. */
    public S3Location s3() {
        return s3.config();
    }

    /** The configuration by which gateways and workers find both. */
    public Map<String, String> configuration() {
        return configuration(bootstrapServers(), s3());
    }

    /** The same of a broker and a store that are yet to be started. */
    public static Map<String, String> configuration(String bootstrapServers, S3Location store) {
        return Map.of(
                "kafka.bootstrap.servers",
                bootstrapServers,
                "s3.endpoint",
                store.endpoint(),
                "s3.access-key",
                store.accessKey().orElseThrow(),
                "s3.secret-key",
                store.secretKey().orElseThrow().get(),
                "s3.bucket",
                store.bucket(),
                "s3.region",
                store.region());
    }

    /** The same, as environment variables. */
    public Map<String, String> environment() {
        return configuration().entrySet().stream()
                .collect(Collectors.toMap(
                        each -> each.getKey().toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"), Map.Entry::getValue));
    }

    @Override
    public void close() {
        kafka.close();
        s3.close();
        if (removedAtClose != null) {
            try {
                Utils.delete(removedAtClose.toFile());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
