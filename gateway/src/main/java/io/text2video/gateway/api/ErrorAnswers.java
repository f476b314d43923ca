package io.text2video.gateway.api;

import io.text2video.gateway.commands.BrokerUnavailableException;
import io.text2video.gateway.jobs.ViewUnavailableException;
import io.text2video.gateway.storage.StoreUnavailableException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Makes an answer of whatever went wrong. What is the gateway's own fault goes to the log, and not to the client. */
class ErrorAnswers {
    private static final Logger LOG = Logger.getLogger(ErrorAnswers.class);

    @ServerExceptionMapper
    Response answer(ApiException refusal) {
        if (refusal.getCause() != null) {
            LOG.warnf("request refused reason=%s cause=%s", refusal.getMessage(), refusal.getCause());
        }
        return refusal.response().build();
    }

    @ServerExceptionMapper
    Response answer(ViewUnavailableException failure) {
        return answer(
                ApiException.unavailable(ApiErrorCode.BROKER_UNAVAILABLE, failure.getMessage(), failure.getCause()));
    }

    @ServerExceptionMapper
    Response answer(BrokerUnavailableException failure) {
        return answer(
                ApiException.unavailable(ApiErrorCode.BROKER_UNAVAILABLE, failure.getMessage(), failure.getCause()));
    }

    @ServerExceptionMapper
    Response answer(StoreUnavailableException failure) {
        return answer(
                ApiException.unavailable(ApiErrorCode.STORE_UNAVAILABLE, failure.getMessage(), failure.getCause()));
    }

    /** What the framework refuses: unknown paths, methods, media types. */
    @ServerExceptionMapper
    Response answer(WebApplicationException refusal) {
        int status = refusal.getResponse().getStatus();
        return switch (status) {
            case 404 -> answer(ApiException.of(ApiErrorCode.NOT_FOUND, "there is nothing at this path"));
            case 405 -> answer(ApiException.of(ApiErrorCode.METHOD_NOT_ALLOWED, "this path has no such method"));
            case 406 ->
                answer(ApiException.of(ApiErrorCode.NOT_ACCEPTABLE, "the answer would not be what Accept asks for"));
            case 413 -> answer(ApiException.of(ApiErrorCode.BODY_TOO_LARGE, "the body is too large"));
            case 415 ->
                answer(ApiException.of(
                        ApiErrorCode.UNSUPPORTED_MEDIA_TYPE,
                        "the body must be application/json or multipart/form-data, as Content-Type says"));
            default ->
                status < 400
                        ? refusal.getResponse()
                        : status < 500
                                ? answer(ApiException.of(ApiErrorCode.BAD_REQUEST, "the request makes no sense"))
                                : answer((Throwable) refusal);
        };
    }

    @ServerExceptionMapper
    Response answer(Throwable failure) {
        LOG.error("request failed", failure);
        return ApiException.of(ApiErrorCode.INTERNAL_ERROR, "the gateway failed to answer; its log says why")
                .response()
                .build();
    }
}
