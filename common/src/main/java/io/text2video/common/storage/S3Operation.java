package io.text2video.common.storage;

import io.minio.errors.MinioException;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.text2video.trace.Tracing;
import java.io.IOException;

/**
 * What is asked of the store, and how people and traces call it. A span only where it is part of another: what a job needs, not
 * what a gateway looks after by itself.
 *
 * <p>Source: OpenTelemetry's semantic conventions for S3.
 */
enum S3Operation {
    CREATE_BUCKET("CreateBucket", "make bucket"),
    PUT("PutObject", "store"),
    COPY("CopyObject", "copy"),
    GET("GetObject", "read"),
    HEAD("HeadObject", "look up"),
    LIST("ListObjectsV2", "list"),
    DELETE("DeleteObject", "remove");

    private final String method;
    private final String words;

    S3Operation(String method, String words) {
        this.method = method;
        this.words = words;
    }

    /** A call of the store. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws MinioException, IOException;
    }

    <T> T run(String bucket, String key, Call<T> call) throws MinioException, IOException {
        if (!Tracing.isOn() || !Span.current().getSpanContext().isValid()) {
            return call.run();
        }
        Span span = Tracing.tracer()
                .spanBuilder("S3." + method)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("rpc.system", "aws-api")
                .setAttribute("rpc.service", "S3")
                .setAttribute("rpc.method", method)
                .setAttribute("aws.s3.bucket", bucket)
                .setAttribute("aws.s3.key", key)
                .startSpan();
        try (Scope scope = span.makeCurrent()) {
            return call.run();
        } catch (MinioException | IOException | RuntimeException e) {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute("error.type", e.getClass().getName());
            throw e;
        } finally {
            span.end();
        }
    }

    @Override
    public String toString() {
        return words;
    }
}
