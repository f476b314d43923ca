package io.text2video.gateway.api.errors;

import jakarta.ws.rs.core.Response.Status.Family;
import java.util.Locale;

/** Every error that the API itself answers. */
public enum ApiErrorCode {
    INVALID_JSON(400),
    INVALID_FORM(400),
    INVALID_BATCH(400),
    INVALID_VALUE(400),
    JOB_TOO_LARGE(400),
    UNKNOWN_MODEL(400),
    ENHANCEMENT_NOT_CONFIGURED(400),
    WEBHOOKS_NOT_CONFIGURED(400),
    WEBHOOK_URL_REFUSED(400),
    BAD_REQUEST(400),
    INVALID_API_KEY(401),
    FORBIDDEN(403),
    ORIGIN_NOT_ALLOWED(403),
    VIDEO_NOT_FOUND(404),
    BATCH_NOT_FOUND(404),
    MODEL_NOT_FOUND(404),
    WEBHOOK_DELIVERY_NOT_FOUND(404),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    NOT_ACCEPTABLE(406),
    REQUEST_TIMEOUT(408),
    VIDEO_NOT_READY(409),
    PREVIEW_NOT_READY(409),
    /** Answered with the job's own error code. */
    VIDEO_FAILED(409),
    VIDEO_CANCELLED(409),
    IDEMPOTENCY_KEY_IN_USE(409),
    FILE_GONE(410),
    PRECONDITION_FAILED(412),
    BODY_TOO_LARGE(413),
    UNSUPPORTED_MEDIA_TYPE(415),
    RANGE_NOT_SATISFIABLE(416),
    HOST_NOT_ALLOWED(421),
    IDEMPOTENCY_KEY_REUSED(422),
    RATE_LIMIT_EXCEEDED(429),
    TOO_MANY_JOBS(429),
    INTERNAL_ERROR(500),
    NOT_SUPPORTED(501),
    BROKER_UNAVAILABLE(503),
    STORE_UNAVAILABLE(503),
    IDENTITY_PROVIDER_UNAVAILABLE(503),
    OVERLOADED(503),
    SHUTTING_DOWN(503);

    private final int status;

    ApiErrorCode(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }

    /** The code in JSON: {@code video_not_found}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The coarser type in JSON, as OpenAI has it. */
    public String type() {
        return Family.familyOf(status) == Family.SERVER_ERROR ? "server_error" : "invalid_request_error";
    }
}
