package io.text2video.gateway.api;

import io.text2video.gateway.commands.BrokerUnavailableException;
import io.text2video.gateway.jobs.ViewUnavailableException;
import io.text2video.gateway.storage.StoreUnavailableException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status.Family;
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

    /** What the framework refuses: unknown paths, methods, media types. Of a type that it cannot read it says no more than 400. */
    @ServerExceptionMapper
    Response answer(WebApplicationException refusal, HttpHeaders headers) {
        String type = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
        boolean untyped = refusal.getResponse().getStatus() == ApiErrorCode.BAD_REQUEST.status()
                && type != null
                && SentBody.mediaType(type).isEmpty();
        int status = untyped
                ? ApiErrorCode.UNSUPPORTED_MEDIA_TYPE.status()
                : refusal.getResponse().getStatus();
        return switch (Family.familyOf(status)) {
            case CLIENT_ERROR -> answer(refusal(status));
            case SERVER_ERROR, OTHER -> answer((Throwable) refusal);
            case INFORMATIONAL, SUCCESSFUL, REDIRECTION -> refusal.getResponse();
        };
    }

    /** What there is to say where no more than the status is known. */
    static ApiException refusal(int status) {
        return switch (status) {
            case 404 -> ApiException.of(ApiErrorCode.NOT_FOUND, "there is nothing at this path");
            case 405 -> ApiException.of(ApiErrorCode.METHOD_NOT_ALLOWED, "this path has no such method");
            case 406 -> ApiException.of(ApiErrorCode.NOT_ACCEPTABLE, "the answer would not be what Accept asks for");
            case 413 -> ApiException.of(ApiErrorCode.BODY_TOO_LARGE, "the body is too large");
            case 415 ->
                ApiException.of(
                        ApiErrorCode.UNSUPPORTED_MEDIA_TYPE,
                        "the body must be application/json or multipart/form-data, and Content-Type must say so");
            default -> ApiException.of(ApiErrorCode.BAD_REQUEST, "the request makes no sense");
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
