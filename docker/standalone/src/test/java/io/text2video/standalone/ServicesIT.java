package io.text2video.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.storage.ObjectStore;
import io.text2video.embedded.S3Location;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code text2video services} as gateways and workers meet it. */
class ServicesIT {
    private static final int TERMINATED = 143;

    @TempDir
    Path data;

    @Test
    void shouldKeepTopicsAndObjectsUntilItIsStartedAgain() throws Exception {
        // Given a broker and a store that were given something, and told to end
        try (var services = start()) {
            Properties told = addresses(services);
            try (var admin = admin(told);
                    var store = store(told)) {
                admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                        .all()
                        .get();
                store.ensureBucket();
                store.put("kept", "bytes".getBytes(UTF_8), "text/plain");
            }
            services.terminate();
            assertThat(services.exitCode()).isEqualTo(TERMINATED);
        }

        // When they are started again
        try (var services = start()) {
            Properties told = addresses(services);

            // Then both are there
            try (var admin = admin(told);
                    var store = store(told)) {
                assertThat(admin.listTopics().names().get()).contains("kept");
                assertThat(store.read("kept"))
                        .map(bytes -> new String(bytes, UTF_8))
                        .isEqualTo(Optional.of("bytes"));
            }
        }
    }

    private Launched start() throws IOException {
        return Launched.start(
                Map.of("S3_ACCESS_KEY", "a-key", "S3_SECRET_KEY", "a-secret-of-it"),
                "services",
                "--kafka-port",
                "0",
                "--s3-port",
                "0",
                "--data",
                data.toString());
    }

    private static Properties addresses(Launched services) throws IOException {
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .until(() -> services.out().contains("S3_ENDPOINT=") || !services.isAlive());
        assertThat(services.out()).as(services.err()).contains("S3_ENDPOINT=");
        var told = new Properties();
        told.load(new StringReader(services.out()));
        return told;
    }

    private static Admin admin(Properties told) {
        return Admin.create(Map.of("bootstrap.servers", told.getProperty("KAFKA_BOOTSTRAP_SERVERS")));
    }

    private static ObjectStore store(Properties told) {
        return new ObjectStore(new S3Location(told.getProperty("S3_ENDPOINT"), "a-key", "a-secret-of-it"));
    }
}
