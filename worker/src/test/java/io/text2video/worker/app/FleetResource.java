package io.text2video.worker.app;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.text2video.embedded.EmbeddedServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;

/** A broker and a store for the application under test. */
public class FleetResource implements QuarkusTestResourceLifecycleManager {
    private Path data;
    private EmbeddedServices services;

    @Override
    public Map<String, String> start() {
        try {
            data = Files.createTempDirectory("worker-test-");
            services = new EmbeddedServices(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> configuration = new HashMap<>(services.configuration());
        configuration.put("worker.id", "w1");
        configuration.put("worker.model", data.toString());
        configuration.put("quarkus.http.test-port", "0");
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
