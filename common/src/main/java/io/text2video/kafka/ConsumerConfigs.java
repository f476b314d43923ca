package io.text2video.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What the configurations of the fleet's consumers have in common: they read bytes, and commit nothing by themselves. */
public final class ConsumerConfigs {
    private ConsumerConfigs() {}

    /**
     * Of one that reads for itself alone.
     *
     * @param kafka client configuration, {@code bootstrap.servers} at least
     * @return to be added to
     */
    public static Map<String, Object> withoutGroup(Map<String, Object> kafka) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return config;
    }

    /** The same of a member of a consumer group. */
    public static Map<String, Object> ofMember(Map<String, Object> kafka, String group) {
        Map<String, Object> config = withoutGroup(kafka);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        return config;
    }
}
