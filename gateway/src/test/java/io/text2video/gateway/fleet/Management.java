package io.text2video.gateway.fleet;

import org.eclipse.microprofile.config.ConfigProvider;

/** Where the gateway under test tells of its health and its metrics. */
public final class Management {
    private Management() {}

    /** @param path such as {@code /q/metrics} */
    public static String url(String path) {
        return "http://localhost:%s%s"
                .formatted(ConfigProvider.getConfig().getValue("quarkus.management.test-port", String.class), path);
    }
}
