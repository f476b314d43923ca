package io.text2video.standalone;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.embedded.EmbeddedS3;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A broker and a store for the fleet under test. */
public class EmbeddedServices implements QuarkusTestResourceLifecycleManager {
    static final String WEBHOOK_SECRET = "whsec_dGVzdCBzZWNyZXQgb2YgdGhlIGZsZWV0Cg==";

    private EmbeddedKafka kafka;
    private EmbeddedS3 s3;

    @Override
    public Map<String, String> start() {
        try {
            Path data =
                    Files.createTempDirectory(Path.of("target"), "services-").toAbsolutePath();
            s3 = new EmbeddedS3(data.resolve("s3"), 0, "key", "secret-key");
            kafka = new EmbeddedKafka(data.resolve("kafka"), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "kafka.bootstrap.servers",
                kafka.bootstrapServers(),
                "s3.endpoint",
                s3.endpoint(),
                "s3.access-key",
                "key",
                "s3.secret-key",
                "secret-key",
                "webhook.secret",
                WEBHOOK_SECRET,
                "webhook.retry-delays",
                "1s,1s,1s");
    }

    @Override
    public void stop() {
        kafka.close();
        s3.close();
    }
}
