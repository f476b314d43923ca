package io.text2video.common.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.lifecycle.RetryHeaders;
import io.text2video.common.topic.DeadLetter;
import io.text2video.common.webhook.DeliveryStatus;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.common.webhook.WebhookLog;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.params.provider.Arguments;

/** Records with what goes around a message: topic, key and headers, by the name of their golden file. */
final class GoldenRecords {
    static final RetryHeaders RETRY = new RetryHeaders(
            GoldenMessages.TIME.plusSeconds(30), "video.requests", GoldenMessages.TIME, "the object store is away");

    /** What a request has had behind it that is tried for the second time. */
    static final Lineage SECOND = Lineage.FIRST.next(1, 1);

    private GoldenRecords() {}

    /** Name and record. */
    static Stream<Arguments> all() {
        var completed = GoldenMessages.COMPLETED;
        var delivery = WebhookDelivery.first(completed);
        var error = new JobError(ErrorCode.INVALID_PARAMETER, "prompt must not be blank", "prompt");
        return Stream.of(
                Arguments.of("record-event", JobRecords.event(VideoEvent.of(completed))),
                Arguments.of(
                        "record-event-progress",
                        JobRecords.event(VideoEvent.progress(
                                GoldenMessages.STARTED, 5, 25, GoldenMessages.TIME.plusSeconds(2)))),
                Arguments.of("record-state", JobRecords.state(completed)),
                Arguments.of("record-forgotten", JobRecords.forgotten(completed.id())),
                Arguments.of("record-cancel", JobRecords.cancel(completed.id(), GoldenMessages.TIME)),
                Arguments.of("record-refused", JobRecords.refused(completed.id(), error, GoldenMessages.TIME)),
                Arguments.of("record-webhook", JobRecords.webhook(delivery)),
                Arguments.of(
                        "record-webhook-log",
                        JobRecords.log(WebhookLog.of(
                                delivery, "example.com", DeliveryStatus.PENDING, GoldenMessages.TIME.plusSeconds(15)))),
                Arguments.of("record-unlogged", JobRecords.unlogged(completed.id(), WebhookEvent.COMPLETED)),
                Arguments.of("record-retry", RETRY.record(request(), SECOND)),
                Arguments.of("record-retried", RETRY.request(consumed(RETRY.record(request(), SECOND)))),
                Arguments.of("record-dead-letter", DeadLetter.of(request(), "it failed 3 times", 3)));
    }

    /** As it came from another topic, by its pool's backlog. */
    private static ConsumerRecord<byte[], byte[]> request() {
        var record = new ProducerRecord<>(
                "video.requests",
                null,
                GoldenMessages.TIME.toEpochMilli(),
                GoldenMessages.ID.toString().getBytes(UTF_8),
                JsonCodec.write(GoldenMessages.REQUEST));
        record.headers().add(Lineage.FORWARDED_FROM, "video.backlog".getBytes(UTF_8));
        return consumed(record);
    }

    /** The record as whoever reads it has it. */
    private static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> record) {
        var consumed = new ConsumerRecord<>(
                record.topic(),
                3,
                7,
                GoldenMessages.TIME.toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                0,
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty());
        return consumed;
    }

    /** A record as its golden file says it. */
    static JsonNode json(ProducerRecord<byte[], byte[]> record) throws IOException {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("topic", record.topic());
        json.put("key", new String(record.key(), UTF_8));
        ObjectNode headers = json.putObject("headers");
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), UTF_8));
        }
        json.set("value", record.value() == null ? json.nullNode() : new ObjectMapper().readTree(record.value()));
        return json;
    }

    /** Writes a golden file's headers. */
    static Headers headers(JsonNode json) {
        var headers = new RecordHeaders();
        json.get("headers")
                .properties()
                .forEach(header ->
                        headers.add(header.getKey(), header.getValue().asText().getBytes(UTF_8)));
        return headers;
    }
}
