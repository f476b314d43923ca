package io.text2video.gateway.api.access;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Tells resources who sends the request in hand. */
@Singleton
public class Callers {
    private static final String CALLER = Caller.class.getName();

    private final CurrentVertxRequest request;

    Callers(CurrentVertxRequest request) {
        this.request = request;
    }

    static void put(RoutingContext context, Caller caller) {
        context.put(CALLER, caller);
    }

    /**
     * Of the request that this thread is about to answer: to be asked before anything is waited for.
     *
     * @throws ApiException with 401 when nobody was let in
     */
    public Caller current() {
        Caller caller = request.getCurrent().get(CALLER);
        if (caller == null) {
            throw ApiException.of(ApiErrorCode.INVALID_API_KEY, "this needs a key");
        }
        return caller;
    }
}
