package io.text2video.worker.app;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.text2video.embedded.EmbeddedServices;
import java.util.HashMap;
import java.util.Map;

/** A broker and a store for the application under test. */
public class FleetResource implements QuarkusTestResourceLifecycleManager {
    private EmbeddedServices services;

    @Override
    public Map<String, String> start() {
        services = EmbeddedServices.temporary();
        Map<String, String> configuration = new HashMap<>(services.configuration());
        configuration.put("worker.id", "w1");
        configuration.put("worker.model", System.getProperty("java.io.tmpdir"));
        configuration.put("quarkus.http.test-port", "0");
        return configuration;
    }

    @Override
    public void stop() {
        services.close();
    }
}
