package io.text2video.gateway.api.access;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.text2video.gateway.access.AccessRefusedException;
import io.text2video.gateway.access.Admission;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.access.RequestRates;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.api.errors.EarlyAnswer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Finds out who sends a request to the API, before its body is read. */
@Singleton
class AccessFilter {
    private static final Logger LOG = Logger.getLogger(AccessFilter.class);

    /** After what answers browsers that ask whether they may ask, and before bodies are looked at. */
    private static final int BEFORE_BODIES = 200;

    private final Admission admission;
    private final RequestRates rates;

    AccessFilter(Admission admission, RequestRates rates) {
        this.admission = admission;
        this.rates = rates;
    }

    void register(@Observes Filters filters) {
        filters.register(this::admit, BEFORE_BODIES);
    }

    private void admit(RoutingContext context) {
        if (!context.normalizedPath().startsWith("/v1")) {
            context.next();
            return;
        }
        var thread = Vertx.currentContext();
        admission
                .admit(context.request().getHeader(HttpHeaders.AUTHORIZATION))
                .emitOn(task -> {
                    if (Vertx.currentContext() == thread) {
                        task.run();
                    } else {
                        thread.runOnContext(none -> task.run());
                    }
                })
                .subscribe()
                .with(caller -> letIn(context, caller), failure -> refuse(context, failure));
    }

    private void letIn(RoutingContext context, Caller caller) {
        if (!rates.admits(caller)) {
            EarlyAnswer.refuse(
                    context.request(),
                    ApiException.of(
                            ApiErrorCode.RATE_LIMIT_EXCEEDED,
                            "tenant %s may send %d requests a second, and sends more"
                                    .formatted(caller.tenant(), rates.perSecond())));
            return;
        }
        Callers.put(context, caller);
        context.next();
    }

    private static void refuse(RoutingContext context, Throwable failure) {
        if (!(failure instanceof AccessRefusedException refused)) {
            LOG.error("request failed", failure);
            context.fail(failure);
            return;
        }
        ApiErrorCode code =
                switch (refused.reason()) {
                    case UNKNOWN -> ApiErrorCode.INVALID_API_KEY;
                    case FORBIDDEN -> ApiErrorCode.FORBIDDEN;
                    case UNAVAILABLE -> ApiErrorCode.IDENTITY_PROVIDER_UNAVAILABLE;
                };
        if (refused.getCause() != null) {
            LOG.warnf("request refused reason=%s cause=%s", refused.getMessage(), refused.getCause());
        }
        EarlyAnswer.refuse(context.request(), ApiException.of(code, refused.getMessage()));
    }
}
