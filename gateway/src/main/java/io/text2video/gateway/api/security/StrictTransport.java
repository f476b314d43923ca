package io.text2video.gateway.api.security;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Has browsers that came by TLS come by it from now on (HSTS). Over plain HTTP they would ignore that; behind a proxy it is the proxy's to say. */
@Singleton
class StrictTransport {
    /** Refusals have it too. */
    private static final int FIRST = 3000;

    private static final String ONE_YEAR = "max-age=31536000";

    void register(@Observes Filters filters) {
        filters.register(StrictTransport::tell, FIRST);
    }

    private static void tell(RoutingContext context) {
        if (context.request().connection().isSsl()) {
            context.response().putHeader("Strict-Transport-Security", ONE_YEAR);
        }
        context.next();
    }
}
