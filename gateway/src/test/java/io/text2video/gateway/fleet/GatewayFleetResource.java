package io.text2video.gateway.fleet;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.text2video.embedded.EmbeddedServices;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A real broker and a real object store, once for all test classes. */
public final class GatewayFleetResource implements QuarkusTestResourceLifecycleManager {
    public static final String WEBHOOK_SECRET = "whsec_dGhlIGdhdGV3YXkncyB0ZXN0cycgb3duIHNlY3JldA==";

    private EmbeddedServices services;

    @Override
    public Map<String, String> start() {
        services = EmbeddedServices.temporary();
        Map<String, String> configuration = new HashMap<>(services.configuration());
        // Nobody takes the jobs of tests.
        configuration.put("queue.order", "arrival");
        configuration.put("webhook.secret", WEBHOOK_SECRET);
        configuration.put("gateway.access", "off");
        // Receivers that say nothing do so for as long as a test takes.
        configuration.put("webhook.timeout", "5m");
        // The receivers of tests.
        configuration.put("webhook.dangerous-allow-http", "true");
        configuration.put("webhook.dangerous-allowed-networks", "127.0.0.0/8");
        configuration.put("webhook.retry-delays", "20ms,40ms,60ms");
        // Tests tell of jobs that were never asked for.
        configuration.put("reaper.enabled", "false");
        // A loaded machine is no fault.
        configuration.put("view.timeout", "30s");
        configuration.put("submission.timeout", "30s");
        for (String timeout : List.of("max.block.ms", "request.timeout.ms", "delivery.timeout.ms")) {
            configuration.put("mp.messaging.outgoing.video-requests." + timeout, "25000");
        }
        configuration.put("kafka.session.timeout.ms", "30000");
        // Two of the largest bodies at once.
        configuration.put("body.memory", "300M");
        configuration.put("body.timeout", "5m");
        configuration.put("events.heartbeat", "1s");
        configuration.put("quarkus.http.test-port", "0");
        configuration.put("quarkus.management.test-port", "0");
        // What clients of tests call it, and names that they do not.
        configuration.put("gateway.allowed-hosts", "localhost,127.0.0.1,[::1]:8080,a,api.example:8080,public.example");
        configuration.put("quarkus.http.cors.enabled", "true");
        configuration.put("quarkus.http.cors.origins", "https://studio.example,/https://[a-z]+[.]trusted[.]example/");
        configuration.put("gateway.model-aliases.sora-2", "preferred");
        configuration.put("gateway.model-aliases.sora-2-pro", Cards.COGVIDEOX_15_5B.id());
        // The tests' jobs ended long ago, and are not to go meanwhile.
        configuration.put("retention.age", "0s");
        return configuration;
    }

    @Override
    public void stop() {
        services.close();
    }
}
