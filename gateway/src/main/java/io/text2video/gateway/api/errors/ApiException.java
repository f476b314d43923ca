package io.text2video.gateway.api.errors;

import io.text2video.common.job.JobError;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.util.Optional;

/** A refusal: ends the request with its answer. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int UNAVAILABLE = 503;
    private static final String CHALLENGE = "Bearer";
    private static final String RETRY_AFTER_SECONDS = "5";
    /** Another gateway, or this one's successor, is there already; or the first request with the same key is soon done. */
    private static final String RETRY_SOON_AFTER_SECONDS = "1";
    /** Videos take minutes. */
    private static final String RETRY_LATER_AFTER_SECONDS = "30";

    private final ApiErrorCode kind;
    private final String code;
    private final String param;

    private ApiException(ApiErrorCode kind, String code, String param, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.code = code;
        this.param = param;
    }

    public static ApiException of(ApiErrorCode kind, String message) {
        return new ApiException(kind, kind.wireName(), null, message, null);
    }

    /** @param param the field, query parameter or header at fault, as the client sent it */
    public static ApiException of(ApiErrorCode kind, String param, String message) {
        return new ApiException(kind, kind.wireName(), param, message, null);
    }

    /** A part of the fleet is away; the client may come again. */
    public static ApiException unavailable(ApiErrorCode kind, String message, Throwable cause) {
        return new ApiException(kind, kind.wireName(), null, message, cause);
    }

    /** What the client sent is not what it must be. */
    public static ApiException of(InvalidMessageException e) {
        return e.field().isEmpty()
                ? of(ApiErrorCode.INVALID_JSON, noObject(e.reason()))
                : of(ApiErrorCode.INVALID_VALUE, e.field(), e.getMessage());
    }

    private static String noObject(String reason) {
        return reason.startsWith("must be ")
                ? "the body " + reason
                : "the body must be a JSON object, but is " + reason;
    }

    /** What was made of the field {@code sent} is not what it must be. */
    public static ApiException of(String sent, InvalidMessageException e) {
        return of(ApiErrorCode.INVALID_VALUE, sent, sent + " " + e.reason());
    }

    /** There is no video, and never will be, for the reason that its job failed. */
    public static ApiException ofFailedJob(JobError error) {
        return new ApiException(
                ApiErrorCode.VIDEO_FAILED,
                error.code().wireName(),
                error.param(),
                "the job failed: " + error.message(),
                null);
    }

    /** What there is to say where no more than the status is known. */
    public static ApiException ofStatus(int status) {
        return switch (status) {
            case 404 -> of(ApiErrorCode.NOT_FOUND, "there is nothing at this path");
            case 405 -> of(ApiErrorCode.METHOD_NOT_ALLOWED, "this path has no such method");
            case 406 -> of(ApiErrorCode.NOT_ACCEPTABLE, "the answer would not be what Accept asks for");
            case 413 -> of(ApiErrorCode.BODY_TOO_LARGE, "the body is too large");
            case 415 ->
                of(
                        ApiErrorCode.UNSUPPORTED_MEDIA_TYPE,
                        "the body must be application/json or multipart/form-data, and Content-Type must say so");
            default -> of(ApiErrorCode.BAD_REQUEST, "the request makes no sense");
        };
    }

    /** The answer's JSON. */
    public byte[] body() {
        return JsonCodec.write(new ApiError(details()));
    }

    /** What there is to say of it. */
    public ApiError.Details details() {
        return new ApiError.Details(getMessage(), kind.type(), param, code);
    }

    public int status() {
        return kind.status();
    }

    /** After how many seconds the client may come again; nothing where that would change nothing. */
    public Optional<String> retryAfter() {
        return switch (kind) {
            case SHUTTING_DOWN, IDEMPOTENCY_KEY_IN_USE, RATE_LIMIT_EXCEEDED -> Optional.of(RETRY_SOON_AFTER_SECONDS);
            case TOO_MANY_JOBS -> Optional.of(RETRY_LATER_AFTER_SECONDS);
            default -> status() == UNAVAILABLE ? Optional.of(RETRY_AFTER_SECONDS) : Optional.empty();
        };
    }

    /** How the client is to show who it is, where that is what was missing. */
    public Optional<String> challenge() {
        return kind == ApiErrorCode.INVALID_API_KEY ? Optional.of(CHALLENGE) : Optional.empty();
    }

    /** The answer, to which headers may be added. */
    public ResponseBuilder response() {
        ResponseBuilder response =
                Response.status(status()).type(MediaType.APPLICATION_JSON_TYPE).entity(body());
        retryAfter().ifPresent(seconds -> response.header(HttpHeaders.RETRY_AFTER, seconds));
        challenge().ifPresent(challenge -> response.header(HttpHeaders.WWW_AUTHENTICATE, challenge));
        return response;
    }
}
