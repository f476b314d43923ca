package io.text2video.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.jboss.logging.MDC;

/**
 * What a thread works at, until it is closed: the fields {@code jobId}, {@code traceId} and {@code spanId} of each line that it
 * logs, which JSON logs have, and the current span. To be closed by the thread that opened it, before what was open then.
 */
public final class JobContext implements AutoCloseable {
    private static final String JOB = "jobId";
    private static final String TRACE = "traceId";
    private static final String SPAN = "spanId";

    private final Scope scope;
    private final Object job = MDC.get(JOB);
    private final Object trace = MDC.get(TRACE);
    private final Object span = MDC.get(SPAN);

    private JobContext(Scope scope) {
        this.scope = scope;
    }

    /** Of a job, in the current span. */
    public static JobContext of(Object job) {
        return of(job, Context.current());
    }

    /**
     * Of a job, in the context's span.
     *
     * @param job its id; null where it is not known
     */
    @SuppressWarnings("MustBeClosedChecker") // closed with this
    public static JobContext of(Object job, Context context) {
        var log = new JobContext(context.makeCurrent());
        put(JOB, job == null ? log.job : job.toString());
        SpanContext span = Span.fromContext(context).getSpanContext();
        if (span.isValid()) {
            put(TRACE, span.getTraceId());
            put(SPAN, span.getSpanId());
        }
        return log;
    }

    @Override
    public void close() {
        put(JOB, job);
        put(TRACE, trace);
        put(SPAN, span);
        scope.close();
    }

    private static void put(String name, Object value) {
        if (value == null) {
            MDC.remove(name);
        } else {
            MDC.put(name, value);
        }
    }
}
