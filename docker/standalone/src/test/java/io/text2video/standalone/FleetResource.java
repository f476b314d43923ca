package io.text2video.standalone;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.text2video.embedded.EmbeddedServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;

/** A broker and a store for the whole fleet under test. */
public class FleetResource implements QuarkusTestResourceLifecycleManager {
    static final String WEBHOOK_SECRET = "whsec_dGVzdCBzZWNyZXQgb2YgdGhlIGZsZWV0Cg==";

    private Path data;
    private EmbeddedServices services;

    @Override
    public Map<String, String> start() {
        try {
            data = Files.createTempDirectory("standalone-test-");
            services = new EmbeddedServices(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> configuration = new HashMap<>(services.configuration());
        configuration.put("webhook.secret", WEBHOOK_SECRET);
        configuration.put("webhook.retry-delays", "1s,1s,1s");
        return configuration;
    }

    @Override
    public void stop() {
        services.close();
        try {
            Utils.delete(data.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
