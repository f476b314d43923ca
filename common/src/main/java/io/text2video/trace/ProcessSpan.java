package io.text2video.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The span of what is done about a record.
 *
 * <p>Source: OpenTelemetry's semantic conventions for messaging, and for Kafka.
 */
public final class ProcessSpan {
    private ProcessSpan() {}

    /** @param parent of which it is a part; may have no span */
    public static Span begin(Context parent, ConsumerRecord<?, ?> record) {
        return Tracing.tracer()
                .spanBuilder("process " + record.topic())
                .setParent(parent)
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.operation.name", "process")
                .setAttribute("messaging.operation.type", "process")
                .setAttribute("messaging.destination.name", record.topic())
                .setAttribute("messaging.destination.partition.id", Integer.toString(record.partition()))
                .setAttribute("messaging.kafka.offset", record.offset())
                .startSpan();
    }
}
