package io.text2video.worker.app;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.embedded.EmbeddedS3;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;

/** A broker and a store for the application under test. */
public class FleetResource implements QuarkusTestResourceLifecycleManager {
    private Path data;
    private EmbeddedKafka kafka;
    private EmbeddedS3 s3;

    @Override
    public Map<String, String> start() {
        try {
            data = Files.createTempDirectory("worker-test-");
            kafka = new EmbeddedKafka(data.resolve("kafka"), 0);
            s3 = new EmbeddedS3(data.resolve("s3"), 0, "key", "secret-key");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "kafka.bootstrap.servers", kafka.bootstrapServers(),
                "s3.endpoint", s3.endpoint(),
                "s3.access-key", "key",
                "s3.secret-key", "secret-key",
                "worker.id", "w1",
                "worker.model", data.toString(),
                "quarkus.http.test-port", "0");
    }

    @Override
    public void stop() {
        s3.close();
        kafka.close();
        try {
            Utils.delete(data.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
