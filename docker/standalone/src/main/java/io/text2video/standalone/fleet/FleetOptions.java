package io.text2video.standalone.fleet;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * How to run the embedded fleet.
 *
 * @param data where broker, store and secrets are kept; null for a temporary directory, removed at the end
 * @param host the gateway listens on
 * @param port of the gateway; 0 for any free one
 * @param managementPort of its health and metrics, on loopback; 0 for any free one
 * @param kafkaPort of the broker, on loopback; 0 for any free one
 * @param s3Port of the store, on loopback; 0 for any free one
 * @param console what of the logs is shown; all of them are in {@code fleet.log} and {@code worker.log} in {@code data}
 * @param settings more configuration, such as {@code worker.pool}
 */
public record FleetOptions(
        Path data,
        String host,
        int port,
        int managementPort,
        int kafkaPort,
        int s3Port,
        Console console,
        Map<String, String> settings) {
    private static final Set<String> ANYWHERE = Set.of("0.0.0.0", "::", "[::]");

    /** What a terminal shows of a fleet. */
    public enum Console {
        NOTHING,
        /** Warnings, without stack traces, and a line for each job that ends. */
        SUMMARY,
        /** Everything that is logged. */
        ALL
    }

    /** The host as a URL has it, an IPv6 address in brackets. */
    String urlHost() {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /** Where this machine's programs reach a gateway that listens on this port of the host. */
    URI gateway(int itsPort) {
        return URI.create("http://%s:%d".formatted(ANYWHERE.contains(host) ? "127.0.0.1" : urlHost(), itsPort));
    }
}
