package io.text2video.gateway.api;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.api.errors.EarlyAnswer;
import io.text2video.gateway.app.GracefulShutdown;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Sends requests to another gateway once this one ends. Health and metrics, on their own port, are answered to the last. */
@Singleton
class ShutdownFilter {
    /** Before all else. */
    private static final int FIRST = 1000;

    private final GracefulShutdown shutdown;

    ShutdownFilter(GracefulShutdown shutdown) {
        this.shutdown = shutdown;
    }

    void register(@Observes Filters filters) {
        filters.register(this::refuse, FIRST);
    }

    private void refuse(RoutingContext context) {
        if (!shutdown.isRefusing()) {
            context.next();
            return;
        }
        EarlyAnswer.refuse(
                context.request(),
                ApiException.of(
                        ApiErrorCode.SHUTTING_DOWN,
                        "this gateway is shutting down and takes no more requests; ask again"));
    }
}
