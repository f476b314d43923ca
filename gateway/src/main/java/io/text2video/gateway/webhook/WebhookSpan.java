package io.text2video.gateway.webhook;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.trace.ProcessSpan;
import io.text2video.trace.TraceHeaders;
import io.text2video.trace.Tracing;
import java.io.IOException;
import java.util.Locale;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The span of a try, which is a part of what its record is a part of, and of the call in it. The URL is in neither: it may hold
 * its owner's secrets.
 *
 * <p>Source: OpenTelemetry's semantic conventions for messaging and for HTTP clients.
 */
final class WebhookSpan {
    private static final int ERRORS = 400;

    private final Span span;
    private final Context context;

    private WebhookSpan(Span span, Context parent) {
        this.span = span;
        context = parent.with(span);
    }

    static WebhookSpan begin(ConsumerRecord<byte[], byte[]> record, WebhookDelivery delivery) {
        Context parent = TraceHeaders.read(record.headers());
        Span span = ProcessSpan.begin(parent, record)
                .setAttribute("text2video.job.id", delivery.id().toString())
                .setAttribute("text2video.webhook.type", delivery.type().wireName())
                .setAttribute("text2video.webhook.try", delivery.tries() + 1);
        return new WebhookSpan(span, parent);
    }

    /** What the call is a part of. */
    Context context() {
        return context;
    }

    void end(Result.Kind kind) {
        span.setAttribute("text2video.webhook.outcome", kind.name().toLowerCase(Locale.ROOT));
        span.end();
    }

    /** Makes a call, and names it in the call's header {@code traceparent}, where it is a part of something. */
    static Response call(Interceptor.Chain turn, Context parent) throws IOException {
        Request request = turn.request();
        if (!Tracing.isOn() || !TraceHeaders.isSpan(parent)) {
            return turn.proceed(request);
        }
        Span span = Tracing.tracer()
                .spanBuilder(request.method())
                .setParent(parent)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("http.request.method", request.method())
                .setAttribute("server.address", request.url().host())
                .setAttribute("server.port", request.url().port())
                .startSpan();
        Request.Builder named = request.newBuilder();
        W3CTraceContextPropagator.getInstance().inject(parent.with(span), named, Request.Builder::header);
        try {
            Response response = turn.proceed(named.build());
            span.setAttribute("http.response.status_code", response.code());
            if (response.code() >= ERRORS) {
                span.setStatus(StatusCode.ERROR);
            }
            return response;
        } catch (IOException | RuntimeException e) {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute("error.type", e.getClass().getName());
            throw e;
        } finally {
            span.end();
        }
    }
}
