package io.text2video.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Whose part a record is, in its headers {@code traceparent} and {@code tracestate}. One that says what cannot be says nothing.
 *
 * <p>Source: W3C Trace Context.
 */
public final class TraceHeaders {
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

    private static final TextMapGetter<Headers> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers headers) {
            return StreamSupport.stream(headers.spliterator(), false)
                    .map(Header::key)
                    .toList();
        }

        @Override
        public String get(Headers headers, String name) {
            Header header = headers.lastHeader(name);
            return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
        }
    };

    private TraceHeaders() {}

    /** The span that the headers name, if they do, and else none. */
    public static Context read(Headers headers) {
        return Tracing.isOn() ? W3C.extract(Context.root(), headers, GETTER) : Context.root();
    }

    /** Writes the context's span over what was there; nothing where it has none. */
    public static void write(Context context, Headers headers) {
        if (isSpan(context)) {
            W3C.inject(context, headers, (all, name, value) -> all.remove(name).add(name, value.getBytes(UTF_8)));
        }
    }

    /** Lets a record that follows from another be part of the same. */
    public static void copy(Headers from, Headers to) {
        for (String name : List.copyOf(W3C.fields())) {
            Header header = from.lastHeader(name);
            if (header != null) {
                to.remove(name).add(header);
            }
        }
    }

    /** Whether there is a span in it. */
    public static boolean isSpan(Context context) {
        return Span.fromContext(context).getSpanContext().isValid();
    }
}
