package io.text2video.kafka;

import java.util.Optional;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;

/** The settings of a topic or a broker as it tells them, defaults and all. */
record Settings(Config config) {
    /** Nothing where the broker does not tell it, as some do that only speak Kafka's protocol. */
    Optional<String> text(String name) {
        return Optional.ofNullable(config.get(name)).map(ConfigEntry::value);
    }

    Optional<Long> number(String name) {
        return text(name).map(Long::valueOf);
    }
}
