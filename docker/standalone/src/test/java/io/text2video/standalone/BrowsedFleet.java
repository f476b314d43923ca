package io.text2video.standalone;

import io.text2video.standalone.client.GatewayClient;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** A fleet of its own, and a browser for its page. */
record BrowsedFleet(Launched launched, String gateway, GatewayClient client, Chromium chromium)
        implements AutoCloseable {
    /** @param more arguments of {@code serve} */
    static BrowsedFleet start(Map<String, String> environment, Path data, String... more) throws Exception {
        Stream<String> usual =
                Stream.of("serve", "--port", "0", "--kafka-port", "0", "--s3-port", "0", "--data", data.toString());
        Launched launched = Launched.start(
                environment, Stream.concat(usual, Stream.of(more)).toArray(String[]::new));
        try {
            String gateway = launched.awaitGateway();
            return new BrowsedFleet(launched, gateway, new GatewayClient(URI.create(gateway)), new Chromium());
        } catch (Exception | Error e) {
            launched.close();
            throw e;
        }
    }

    @Override
    public void close() throws InterruptedException {
        chromium.close();
        launched.close();
    }
}
