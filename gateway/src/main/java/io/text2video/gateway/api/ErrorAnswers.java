package io.text2video.gateway.api;

import io.text2video.gateway.api.bodies.SentBody;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
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
            case CLIENT_ERROR -> answer(ApiException.ofStatus(status));
            case SERVER_ERROR, OTHER -> answer((Throwable) refusal);
            case INFORMATIONAL, SUCCESSFUL, REDIRECTION -> refusal.getResponse();
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
