package io.text2video.gateway.api.errors;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** Refuses requests that have not come to a resource. */
public final class EarlyAnswer {
    private static final String WWW_AUTHENTICATE = "WWW-Authenticate";

    private EarlyAnswer() {}

    /** Ends the request, and its connection. */
    public static void refuse(HttpServerRequest request, ApiException refusal) {
        HttpServerResponse response = request.response()
                .setStatusCode(refusal.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        refusal.retryAfter().ifPresent(seconds -> response.putHeader(HttpHeaders.RETRY_AFTER, seconds));
        refusal.challenge().ifPresent(challenge -> response.putHeader(WWW_AUTHENTICATE, challenge));
        if (request.version() != HttpVersion.HTTP_2) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        // Clients that write before they read see the answer only if what they write is taken; it is thrown away.
        request.resume();
        response.end(Buffer.buffer(refusal.body()));
    }
}
