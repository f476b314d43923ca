package io.text2video.standalone;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.text2video.embedded.EmbeddedServices;
import java.util.HashMap;
import java.util.Map;

/** A broker and a store for the whole fleet under test. */
public class StandaloneFleetResource implements QuarkusTestResourceLifecycleManager {
    static final String WEBHOOK_SECRET = "whsec_dGVzdCBzZWNyZXQgb2YgdGhlIGZsZWV0Cg==";

    private EmbeddedServices services;

    @Override
    public Map<String, String> start() {
        services = EmbeddedServices.temporary();
        Map<String, String> configuration = new HashMap<>(services.configuration());
        configuration.put("webhook.secret", WEBHOOK_SECRET);
        configuration.put("gateway.access", "off");
        // The receivers of tests.
        configuration.put("webhook.dangerous-allow-http", "true");
        configuration.put("webhook.dangerous-allowed-networks", "127.0.0.0/8");
        configuration.put("webhook.retry-delays", "1s,1s,1s");
        return configuration;
    }

    @Override
    public void stop() {
        services.close();
    }
}
