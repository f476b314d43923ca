package io.text2video.worker.jobs;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.trace.JobContext;
import io.text2video.trace.ProcessSpan;
import io.text2video.trace.TraceHeaders;
import io.text2video.trace.Tracing;
import io.text2video.worker.pipeline.Generation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The span of a delivery, from when this worker has it to its end, and the spans of its stages. It is a part of what the record's
 * sender says that the record is a part of: attempts of other workers at the job are beside it. Thread-safe.
 *
 * <p>Source: OpenTelemetry's semantic conventions for messaging; what is this project's own begins with {@code text2video.}
 */
final class JobTrace {
    private static final int MOST_STEPS = 32;
    private static final AttributeKey<Long> STEP = AttributeKey.longKey("text2video.step");
    private static final AttributeKey<Long> STEPS = AttributeKey.longKey("text2video.steps");

    private final Span span;
    private final Context context;
    private volatile JobId job;

    private JobTrace(Span span, Context parent) {
        this.span = span;
        context = parent.with(span);
    }

    /** @param worker this worker's id */
    static JobTrace begin(ConsumerRecord<byte[], byte[]> record, String worker) {
        Context parent = TraceHeaders.read(record.headers());
        Span span = ProcessSpan.begin(parent, record).setAttribute("text2video.worker.id", worker);
        return new JobTrace(span, parent);
    }

    /** Which job the record is for. */
    void identified(JobId id) {
        job = id;
        span.setAttribute("text2video.job.id", id.toString());
    }

    /** The attempt is this worker's. */
    void claimed(AttemptId attempt, String model) {
        span.setAttribute("text2video.job.attempt", attempt.toString());
        span.setAttribute("text2video.job.model", model);
    }

    /** Has this thread work at it, until what is returned is closed: its log says so, and other spans are parts of it. */
    JobContext open() {
        return JobContext.of(job, context);
    }

    /** A stage that this thread is about to do. */
    <T> T stage(String name, Backoff.Action<T> work) throws IOException {
        Span stage = Tracing.tracer().spanBuilder(name).setParent(context).startSpan();
        try (JobContext log = JobContext.of(job, context.with(stage))) {
            return work.run();
        } catch (Exception | Error e) {
            stage.setStatus(StatusCode.ERROR);
            throw e;
        } finally {
            stage.end();
        }
    }

    /** A stage that was done, unless it took no time. */
    void stage(String name, Instant end, Duration time) {
        if (time.isZero()) {
            return;
        }
        Tracing.tracer()
                .spanBuilder(name)
                .setParent(context)
                .setStartTimestamp(end.minus(time))
                .startSpan()
                .end(end);
    }

    /** The generation went on where an earlier attempt had left off. */
    void resumed(int step) {
        span.setAttribute("text2video.job.resumed_from_step", step);
    }

    /** A step is done: one in so many is told. */
    void step(int step, int steps) {
        if (step == steps || step % (steps / MOST_STEPS + 1) == 0) {
            span.addEvent("text2video.step", Attributes.of(STEP, (long) step, STEPS, (long) steps));
        }
    }

    /** The generation came to its end just now: its stages, one after the other. */
    void drawn(Instant end, Generation generation) {
        Instant denoised = end.minus(generation.decoding());
        Instant encoded = denoised.minus(generation.denoising());
        stage("encode text", encoded, generation.textEncoding());
        stage("denoise", denoised, generation.denoising());
        stage("decode", end, generation.decoding());
    }

    /** How the delivery ended here. */
    void end(Outcome outcome) {
        span.setAttribute("text2video.job.outcome", outcome.tag());
        switch (outcome) {
            case FAILED, RETRIED, DEAD_LETTERED -> span.setStatus(StatusCode.ERROR);
            case COMPLETED, REPEATED, CANCELLED, SUPERSEDED, FORWARDED, RELEASED, LOST -> {}
        }
        span.end();
    }
}
