package io.text2video.process;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Where a program finds the broker and the store, and where it listens itself: the same flags for gateways and workers. */
public final class ServerFlags {
    private final Map<String, String> settings = new TreeMap<>();

    @Mixin
    Kafka kafka = new Kafka();

    @Option(
            names = "--s3-endpoint",
            paramLabel = "URL",
            description = "The object store (S3_ENDPOINT; http://localhost:9000).")
    void s3Endpoint(String value) {
        settings.put("s3.endpoint", value);
    }

    @Option(
            names = "--s3-bucket",
            paramLabel = "NAME",
            description = "Its bucket, made when absent (S3_BUCKET; text2video).")
    void s3Bucket(String value) {
        settings.put("s3.bucket", value);
    }

    @Option(names = "--s3-region", paramLabel = "NAME", description = "Its region (S3_REGION; us-east-1).")
    void s3Region(String value) {
        settings.put("s3.region", value);
    }

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = PortConverter.class,
            description = "Where HTTP listens; 0 for any free one (QUARKUS_HTTP_PORT; 8080, of a worker 8081).")
    void port(int value) {
        settings.put("quarkus.http.port", Integer.toString(value));
    }

    /** What was given, as configuration. */
    public Map<String, String> settings() {
        Map<String, String> all = new TreeMap<>(settings);
        if (kafka.servers != null) {
            all.put("kafka.bootstrap.servers", kafka.servers);
        }
        return all;
    }

    /** The brokers. */
    public static final class Kafka {
        @Option(
                names = "--kafka",
                paramLabel = "HOST:PORT,...",
                scope = ScopeType.INHERIT,
                description = "Kafka's brokers (KAFKA_BOOTSTRAP_SERVERS; localhost:9092).")
        String servers;

        /** What the flag says. */
        public Optional<String> servers() {
            return Optional.ofNullable(servers);
        }
    }
}
