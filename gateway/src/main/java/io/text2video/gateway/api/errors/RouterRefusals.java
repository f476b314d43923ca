package io.text2video.gateway.api.errors;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response.Status.Family;

/** Words what the router itself refuses, such as a request without {@code Host}, as the API does. */
@Singleton
class RouterRefusals {
    void register(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).failureHandler(RouterRefusals::answer);
    }

    private static void answer(RoutingContext context) {
        boolean isRefusal = Family.familyOf(context.statusCode()) == Family.CLIENT_ERROR;
        if (!isRefusal || context.response().headWritten()) {
            context.next();
        } else if (context.statusCode() == ApiErrorCode.BAD_REQUEST.status()
                && context.request().getHeader(HttpHeaders.HOST) == null) {
            EarlyAnswer.refuse(
                    context.request(),
                    ApiException.of(ApiErrorCode.BAD_REQUEST, "Host", "the request must have the header Host"));
        } else {
            EarlyAnswer.refuse(context.request(), ApiException.ofStatus(context.statusCode()));
        }
    }
}
