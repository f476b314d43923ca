package io.text2video.gateway.api;

import io.text2video.gateway.api.bodies.SentBody;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.commands.BrokerUnavailableException;
import io.text2video.gateway.jobs.ViewUnavailableException;
import io.text2video.gateway.storage.StoreUnavailableException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status.Family;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Makes an answer of whatever went wrong. What is the gateway's own fault goes to the log, and not to the client. */
class ErrorAnswers {
    private static final Logger LOG = Logger.getLogger(ErrorAnswers.class);

    private final AllowedMethods methods;

    ErrorAnswers(AllowedMethods methods) {
        this.methods = methods;
    }

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
    Response answer(WebApplicationException refusal, ContainerRequestContext request) {
        int status = status(refusal, request);
        return switch (Family.familyOf(status)) {
            case CLIENT_ERROR -> answer(ApiException.ofStatus(status));
            case SERVER_ERROR, OTHER -> answer((Throwable) refusal);
            case INFORMATIONAL, SUCCESSFUL, REDIRECTION -> refusal.getResponse();
        };
    }

    /**
     * Of a media type that the framework cannot read it says no more than 400, and of a method that a path lacks 404 where
     * another resource has paths that begin alike.
     */
    private int status(WebApplicationException refusal, ContainerRequestContext request) {
        int status = refusal.getResponse().getStatus();
        String type = request.getHeaderString(HttpHeaders.CONTENT_TYPE);
        if (status == ApiErrorCode.BAD_REQUEST.status()
                && type != null
                && SentBody.mediaType(type).isEmpty()) {
            return ApiErrorCode.UNSUPPORTED_MEDIA_TYPE.status();
        }
        return status == ApiErrorCode.NOT_FOUND.status() && methods.refuse(request)
                ? ApiErrorCode.METHOD_NOT_ALLOWED.status()
                : status;
    }

    @ServerExceptionMapper
    Response answer(Throwable failure) {
        LOG.error("request failed", failure);
        return ApiException.of(ApiErrorCode.INTERNAL_ERROR, "the gateway failed to answer; its log says why")
                .response()
                .build();
    }
}
