package io.text2video.standalone.fleet;

import java.nio.file.Path;
import java.util.Map;

/**
 * How to run the embedded fleet.
 *
 * @param data where broker, store and secrets are kept; null for a temporary directory, removed at the end
 * @param host the gateway listens on
 * @param port of the gateway; 0 for any free one
 * @param kafkaPort of the broker, on loopback; 0 for any free one
 * @param s3Port of the store, on loopback; 0 for any free one
 * @param console what of the logs is shown; all of them are in {@code fleet.log} and {@code worker.log} in {@code data}
 * @param settings more configuration, such as {@code worker.pool}
 */
public record FleetOptions(
        Path data, String host, int port, int kafkaPort, int s3Port, Console console, Map<String, String> settings) {

    /** What a terminal shows of a fleet. */
    public enum Console {
        NOTHING,
        /** Warnings, without stack traces, and a line for each job that ends. */
        SUMMARY,
        /** Everything that is logged. */
        ALL
    }
}
