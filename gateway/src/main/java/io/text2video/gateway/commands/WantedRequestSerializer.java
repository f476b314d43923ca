package io.text2video.gateway.commands;

import java.time.Instant;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Lets those requests pass that somebody waits for. The producer asks it once the broker answers, which may be long after
 * the client was told to come again; a job that nobody knows of would cost a GPU minutes.
 */
public final class WantedRequestSerializer implements Serializer<WantedRequestSerializer.PendingRequest> {
    /**
     * A request that waits for the broker.
     *
     * @param json the message
     * @param deadline from which on nobody waits for its acknowledgement
     */
    record PendingRequest(byte[] json, Instant deadline) {}

    @Override
    public byte[] serialize(String topic, PendingRequest request) {
        if (Instant.now().isAfter(request.deadline())) {
            throw new SerializationException("nobody waits for this request since " + request.deadline());
        }
        return request.json();
    }
}
