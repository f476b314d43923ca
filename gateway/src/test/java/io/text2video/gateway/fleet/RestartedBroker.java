package io.text2video.gateway.fleet;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.text2video.embedded.EmbeddedKafka;
import io.text2video.embedded.EmbeddedServices;
import io.text2video.embedded.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;

/** A broker of a test's own, which it may stop and start again on the same data and port, and the store beside it. */
public final class RestartedBroker implements QuarkusTestResourceLifecycleManager {
    private static EmbeddedKafka broker;
    private static Path data;
    private static int port;

    private EmbeddedServices services;

    @Override
    public Map<String, String> start() {
        try {
            services = EmbeddedServices.temporary();
            data = Files.createTempDirectory("text2video-broker-");
            port = FreePort.find();
            restart();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> configuration = new HashMap<>(services.configuration());
        configuration.put("kafka.bootstrap.servers", bootstrapServers());
        configuration.put("webhook.secret", GatewayFleetResource.WEBHOOK_SECRET);
        // The receivers of tests.
        configuration.put("webhook.dangerous-allow-http", "true");
        configuration.put("webhook.dangerous-allowed-networks", "127.0.0.0/8");
        configuration.put("webhook.retry-delays", "20ms,40ms,60ms");
        configuration.put("quarkus.http.test-port", "0");
        configuration.put("quarkus.management.test-port", "0");
        // A broker that is away is not waited for any longer than usual.
        configuration.put("submission.timeout", "10s");
        configuration.put("mp.messaging.outgoing.video-requests.max.block.ms", "4000");
        configuration.put("mp.messaging.outgoing.video-requests.request.timeout.ms", "3000");
        configuration.put("mp.messaging.outgoing.video-requests.delivery.timeout.ms", "4000");
        // A smaller flood fills it.
        configuration.put("mp.messaging.outgoing.video-requests.max-inflight-messages", "64");
        return configuration;
    }

    public static String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Stops it; it keeps what it has. */
    public static void away() {
        broker.close();
        broker = null;
    }

    /** Starts it again. */
    public static void restart() throws IOException {
        broker = new EmbeddedKafka(data, port);
    }

    @Override
    public void stop() {
        if (broker != null) {
            broker.close();
        }
        services.close();
        try {
            Utils.delete(data.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
