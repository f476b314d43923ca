package io.text2video.standalone.cli;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import io.text2video.kafka.FleetConfig;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a gateway or a worker that were started here would read: the environment, system properties, and the files that
 * {@code QUARKUS_CONFIG_LOCATIONS} names.
 */
final class FleetConfiguration {
    private static final String KAFKA = "kafka.";
    private static final String SERVERS = "kafka.bootstrap.servers";

    /** What the gateway's and the worker's own files say. */
    private static final int DEFAULTS = 100;

    private final SmallRyeConfig config =
            ConfigUtils.configBuilder().withMapping(FleetConfig.class).build();

    FleetConfig fleet() {
        return config.getConfigMapping(FleetConfig.class);
    }

    /** Whether somebody says where Kafka is. */
    boolean hasBroker() {
        ConfigValue servers = config.getConfigValue(SERVERS);
        return servers.getValue() != null && servers.getConfigSourceOrdinal() > DEFAULTS;
    }

    /** Configuration of Kafka's clients, {@code bootstrap.servers} among it. */
    Map<String, Object> kafka() {
        Map<String, Object> kafka = new HashMap<>();
        for (String name : config.getPropertyNames()) {
            String property = name.toLowerCase(Locale.ROOT).replace('_', '.');
            if (property.startsWith(KAFKA)) {
                config.getOptionalValue(property, String.class)
                        .ifPresent(value -> kafka.put(property.substring(KAFKA.length()), value));
            }
        }
        return kafka;
    }
}
