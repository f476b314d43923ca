package io.text2video.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import org.apache.kafka.common.header.Headers;

/**
 * The span of a record on its way to the broker.
 *
 * <p>Source: OpenTelemetry's semantic conventions for messaging, and for Kafka.
 */
public final class SendSpan {
    private final Span span;

    private SendSpan(Span span) {
        this.span = span;
    }

    /**
     * Begins it, and names it in the record's headers.
     *
     * @param parent of which it is a part; may have no span
     * @param key of the record; null for none
     */
    public static SendSpan begin(Context parent, String topic, String key, Headers headers) {
        Span span = Tracing.tracer()
                .spanBuilder("send " + topic)
                .setParent(parent)
                .setSpanKind(SpanKind.PRODUCER)
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.operation.name", "send")
                .setAttribute("messaging.operation.type", "send")
                .setAttribute("messaging.destination.name", topic)
                .startSpan();
        if (key != null) {
            span.setAttribute("messaging.kafka.message.key", key);
        }
        TraceHeaders.write(parent.with(span), headers);
        return new SendSpan(span);
    }

    /** @param failure why the broker has not taken it; null when it has */
    public void end(Throwable failure) {
        if (failure != null) {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute("error.type", failure.getClass().getName());
        }
        span.end();
    }
}
