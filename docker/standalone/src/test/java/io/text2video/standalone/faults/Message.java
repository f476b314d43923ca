package io.text2video.standalone.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/**
 * A record of one of the fleet's topics.
 *
 * @param key the job's id
 * @param json the value, or a missing node when it is none
 */
record Message(
        String topic,
        int partition,
        long offset,
        Instant time,
        String key,
        Map<String, String> headers,
        JsonNode json) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static JsonNode json(byte[] value) {
        try {
            return value == null ? MissingNode.getInstance() : JSON.readTree(value);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    /** Where it lies. */
    String place() {
        return "%s-%d@%d".formatted(topic, partition, offset);
    }
}
