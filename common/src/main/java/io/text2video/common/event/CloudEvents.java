package io.text2video.common.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.json.JsonCodec;
import io.text2video.common.topic.Topic;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Events as CloudEvents 1.0 in the Kafka protocol binding's binary mode: attributes are {@code ce_} headers, the value
 * is the data.
 */
public final class CloudEvents {
    private CloudEvents() {}

    /**
     * The record that carries {@code event}. Its {@code ce_id} is the same each time the same event is sent, so that a
     * reader can drop repeats.
     */
    public static ProducerRecord<String, byte[]> record(VideoEvent event) {
        String id = event.id().toString();
        var record = new ProducerRecord<>(Topic.EVENTS.topicName(), id, JsonCodec.write(event));
        Headers headers = record.headers();
        String frames = event.decodedFrames() == null ? "" : "." + event.decodedFrames();
        String preview = event.previewStep() == null ? "" : ".p" + event.previewStep();
        String occurrence = event.step() == null ? "" : "." + event.step() + frames + preview;
        add(headers, "ce_specversion", "1.0");
        add(headers, "ce_id", id + "." + event.attemptId() + "." + event.type().wireName() + occurrence);
        add(headers, "ce_source", event.worker() == null ? "/text2video" : "/text2video/workers/" + event.worker());
        add(headers, "ce_type", event.type().wireName());
        add(headers, "ce_subject", id);
        add(headers, "ce_time", event.time().toString());
        add(headers, "content-type", "application/json");
        return record;
    }

    /** The text of the attribute, such as {@code type}. */
    public static Optional<String> attribute(Headers headers, String name) {
        return Optional.ofNullable(headers.lastHeader("ce_" + name)).map(header -> new String(header.value(), UTF_8));
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }
}
