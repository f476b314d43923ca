package io.text2video.standalone;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.text2video.embedded.EmbeddedServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** A broker and a store for the whole fleet under test. */
public class StandaloneFleetResource implements QuarkusTestResourceLifecycleManager {
    static final String WEBHOOK_SECRET = "whsec_dGVzdCBzZWNyZXQgb2YgdGhlIGZsZWV0Cg==";

    /** Of all fleets that this process has had. */
    private static SpanReceiver spans;

    private EmbeddedServices services;

    /** What has taken the fleet's spans. */
    static SpanReceiver spans() {
        return spans;
    }

    @Override
    public Map<String, String> start() {
        services = EmbeddedServices.temporary();
        spans = spanReceiver();
        Map<String, String> configuration = new HashMap<>(services.configuration());
        configuration.put("webhook.secret", WEBHOOK_SECRET);
        configuration.put("otel.exporter.otlp.endpoint", spans.endpoint());
        configuration.put("otel.bsp.schedule.delay", "100");
        configuration.put("gateway.access", "off");
        configuration.put("quarkus.http.test-port", "0");
        configuration.put("quarkus.management.test-port", "0");
        // The receivers of tests.
        configuration.put("webhook.dangerous-allow-http", "true");
        configuration.put("webhook.dangerous-allowed-networks", "127.0.0.0/8");
        configuration.put("webhook.retry-delays", "1s,1s,1s");
        return configuration;
    }

    @Override
    public void stop() {
        services.close();
        spans.close();
    }

    private static SpanReceiver spanReceiver() {
        try {
            return new SpanReceiver();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
