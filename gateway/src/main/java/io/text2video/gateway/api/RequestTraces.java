package io.text2video.gateway.api;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.text2video.trace.Tracing;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.MDC;

/**
 * The span of each request, and of whatever its client says that it is a part of. Without traces nothing is registered.
 *
 * <p>Source: OpenTelemetry's semantic conventions for HTTP servers.
 */
@Singleton
class RequestTraces {
    /** Also of what is refused before all else. */
    private static final int FIRST = 1100;

    private static final int LAST = 1_000_000;
    private static final int SERVER_ERRORS = 500;
    private static final String CONTEXT = Context.class.getName();

    private static final TextMapGetter<MultiMap> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(MultiMap headers) {
            return headers.names();
        }

        @Override
        public String get(MultiMap headers, String name) {
            return headers.get(name);
        }
    };

    private final CurrentVertxRequest request;

    RequestTraces(CurrentVertxRequest request) {
        this.request = request;
    }

    void begin(@Observes Filters filters) {
        Tracing.begin("text2video-gateway");
        if (Tracing.isOn()) {
            filters.register(RequestTraces::trace, FIRST);
        }
    }

    void end(@Observes @Priority(LAST) ShutdownEvent event) {
        Tracing.end();
    }

    /** Of the request that this thread is about to answer: to be asked before anything is waited for. */
    Context current() {
        return Tracing.isOn() && request.getCurrent().get(CONTEXT) instanceof Context context
                ? context
                : Context.root();
    }

    private static void trace(RoutingContext context) {
        HttpServerRequest request = context.request();
        String method = request.method().name();
        Context parent = W3CTraceContextPropagator.getInstance().extract(Context.root(), request.headers(), GETTER);
        Span span = Tracing.tracer()
                .spanBuilder(method)
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("http.request.method", method)
                .setAttribute("url.scheme", request.scheme())
                // Not its query, which may hold what somebody wants to keep for himself.
                .setAttribute("url.path", request.path())
                .startSpan();
        context.put(CONTEXT, parent.with(span));
        MDC.put("traceId", span.getSpanContext().getTraceId());
        MDC.put("spanId", span.getSpanContext().getSpanId());
        context.addEndHandler(ended -> {
            // Left there by Quarkus, for metrics.
            String route =
                    ((HttpServerRequestInternal) context.request()).context().getLocal("UrlPathTemplate");
            if (route != null) {
                span.updateName(method + " " + route);
                span.setAttribute("http.route", route);
            }
            int status = context.response().getStatusCode();
            span.setAttribute("http.response.status_code", status);
            if (status >= SERVER_ERRORS || ended.failed()) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        });
        context.next();
    }
}
