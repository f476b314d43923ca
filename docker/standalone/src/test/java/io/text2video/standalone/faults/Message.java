package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/**
 * A record of one of the fleet's topics.
 *
 * @param key the job's id
 * @param value as it came; its JSON is {@link #json}
 */
record Message(
        String topic, int partition, long offset, Instant time, String key, Map<String, String> headers, byte[] value) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The value, or a missing node when it is none. */
    JsonNode json() {
        return json(value);
    }

    static JsonNode json(byte[] value) {
        try {
            return value == null ? JSON.missingNode() : JSON.readTree(value);
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    /** Where it lies. */
    String place() {
        return "%s-%d@%d".formatted(topic, partition, offset);
    }
}
