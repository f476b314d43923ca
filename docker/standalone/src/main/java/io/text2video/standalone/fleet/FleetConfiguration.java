package io.text2video.standalone.fleet;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.text2video.kafka.FleetConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a gateway or a worker that were started here would read: the environment, system properties, and the files that
 * {@code QUARKUS_CONFIG_LOCATIONS} names. Immutable.
 */
public final class FleetConfiguration {
    private static final String KAFKA = "kafka.";
    private static final String SERVERS = "kafka.bootstrap.servers";
    private static final String STORE = "s3.endpoint";

    /** How a broker is spoken to that is not the fleet's own. */
    private static final List<String> FOREIGN = List.of("kafka.security.", "kafka.sasl.", "kafka.ssl.");

    /** What the programs' own files say, application.properties among them. */
    private static final int DEFAULTS = 250;

    private final SmallRyeConfig config;

    /** Of this process. */
    public FleetConfiguration() {
        this(ConfigUtils.configBuilder());
    }

    /** Of a process with these sources. */
    public FleetConfiguration(SmallRyeConfigBuilder sources) {
        config = sources.withMapping(FleetConfig.class).build();
    }

    public FleetConfig fleet() {
        return config.getConfigMapping(FleetConfig.class);
    }

    /** Whether somebody says where Kafka is. */
    public boolean hasBroker() {
        return given(SERVERS).isPresent();
    }

    /** The value of a property that somebody has set, such as {@code webhook.secret} by {@code WEBHOOK_SECRET}. */
    public Optional<String> given(String property) {
        ConfigValue value = config.getConfigValue(property);
        return Optional.ofNullable(value.getValue())
                .filter(text -> !text.isBlank() && value.getConfigSourceOrdinal() > DEFAULTS);
    }

    /** The same for a list. */
    public List<String> givenList(String property) {
        return given(property)
                .flatMap(set -> config.getOptionalValues(property, String.class))
                .orElse(List.of());
    }

    /** Configuration of Kafka's clients, {@code bootstrap.servers} among it. */
    public Map<String, Object> kafka() {
        Map<String, Object> kafka = new HashMap<>();
        kafkaProperties().forEach((name, value) -> kafka.put(name.substring(KAFKA.length()), value));
        return kafka;
    }

    /**
     * For a fleet with a broker and a store of its own.
     *
     * @throws IllegalArgumentException when the environment names others, or says how to speak to others
     */
    public void requireOwnServices() {
        List<String> foreign = kafkaProperties().keySet().stream()
                .filter(name -> name.equals(SERVERS) || FOREIGN.stream().anyMatch(name::startsWith))
                .filter(name -> given(name).isPresent())
                .toList();
        if (!foreign.isEmpty() || given(STORE).isPresent()) {
            throw new IllegalArgumentException(
                    "%s is set, but serve and generate run a broker and a store of their own: unset it, or run ./text2video gateway and worker"
                            .formatted(variable(foreign.isEmpty() ? STORE : foreign.get(0))));
        }
    }

    /** By their names in small letters with dots, in the order of the alphabet. */
    private TreeMap<String, String> kafkaProperties() {
        var kafka = new TreeMap<String, String>();
        for (String name : config.getPropertyNames()) {
            String property = name.toLowerCase(Locale.ROOT).replace('_', '.');
            if (property.startsWith(KAFKA)) {
                config.getOptionalValue(property, String.class).ifPresent(value -> kafka.put(property, value));
            }
        }
        return kafka;
    }

    /** The environment variable that sets a property. */
    static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }
}
