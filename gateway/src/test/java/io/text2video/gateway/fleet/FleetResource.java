package io.text2video.gateway.fleet;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.embedded.EmbeddedS3;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;

/** A real broker and a real object store, once for all test classes. */
public final class FleetResource implements QuarkusTestResourceLifecycleManager {
    public static final String WEBHOOK_SECRET = "whsec_dGhlIGdhdGV3YXkncyB0ZXN0cycgb3duIHNlY3JldA==";
    private static final String KEY = "gateway-tests";

    private Path directory;
    private EmbeddedKafka kafka;
    private EmbeddedS3 s3;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("gateway-tests");
            kafka = new EmbeddedKafka(directory.resolve("kafka"), 0);
            s3 = new EmbeddedS3(directory.resolve("s3"), 0, KEY, KEY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "kafka.bootstrap.servers",
                kafka.bootstrapServers(),
                "s3.endpoint",
                s3.endpoint(),
                "s3.access-key",
                KEY,
                "s3.secret-key",
                KEY,
                "webhook.secret",
                WEBHOOK_SECRET,
                "webhook.retry-delays",
                "20ms,40ms,60ms",
                "quarkus.http.test-port",
                "0");
    }

    @Override
    public void stop() {
        if (s3 != null) {
            s3.close();
        }
        if (kafka != null) {
            kafka.close();
        }
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
