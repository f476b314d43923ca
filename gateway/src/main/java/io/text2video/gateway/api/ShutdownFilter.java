package io.text2video.gateway.api;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.text2video.gateway.app.GracefulShutdown;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Sends requests to another gateway once this one ends. Health and metrics are answered to the last. */
@Singleton
class ShutdownFilter {
    /** Before all else. */
    private static final int FIRST = 1000;

    private static final int RETRY_AFTER_SECONDS = 1;

    private final GracefulShutdown shutdown;

    ShutdownFilter(GracefulShutdown shutdown) {
        this.shutdown = shutdown;
    }

    void register(@Observes Filters filters) {
        filters.register(this::refuse, FIRST);
    }

    private void refuse(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!shutdown.isRefusing() || request.path().startsWith("/q/")) {
            context.next();
            return;
        }
        ApiException refusal = ApiException.of(
                ApiErrorCode.SHUTTING_DOWN, "this gateway is shutting down and takes no more requests; ask again");
        request.resume();
        HttpServerResponse response = request.response()
                .setStatusCode(ApiErrorCode.SHUTTING_DOWN.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_AFTER_SECONDS));
        if (request.version() != HttpVersion.HTTP_2) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        response.end(Buffer.buffer(refusal.body()));
    }
}
