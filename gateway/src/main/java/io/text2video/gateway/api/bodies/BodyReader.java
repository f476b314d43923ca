package io.text2video.gateway.api.bodies;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.text2video.gateway.api.bodies.BodyMemory.BodyConfig;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.api.errors.EarlyAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Reads bodies to their end, on the event loop, before anything else is done for them: a slow client takes no thread. One
 * that has not come in time, or is larger than may be without having said so, is refused.
 */
@Singleton
class BodyReader {
    /** Before all others: what they refuse is read too, to be thrown away. */
    private static final int FIRST = 2000;
    /** What may be refused unread, is. */
    private static final int AFTER_MEMORY = 80;

    private static final String CONTINUE = "100-continue";

    private final Duration timeout;

    BodyReader(BodyConfig config) {
        timeout = config.timeout();
    }

    void register(@Observes Filters filters) {
        filters.register(this::limitTime, FIRST);
        filters.register(BodyReader::read, AFTER_MEMORY);
    }

    /** Has the request end when its body is not there in time, whatever became of it. */
    void limitTime(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (BodyLimits.mostBytes(request) > 0) {
            long timer = context.vertx().setTimer(timeout.toMillis(), fired -> end(request));
            context.addEndHandler(answered -> {
                if (request.isEnded()) {
                    context.vertx().cancelTimer(timer);
                }
            });
        }
        context.next();
    }

    private void end(HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        if (!request.response().headWritten()) {
            EarlyAnswer.refuse(
                    request,
                    ApiException.of(
                            ApiErrorCode.REQUEST_TIMEOUT,
                            "the body did not come to its end within %d s; ask again".formatted(timeout.toSeconds())));
        }
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset();
        } else {
            request.connection().close();
        }
    }

    static void read(RoutingContext context) {
        HttpServerRequest request = context.request();
        long most = BodyLimits.mostBytes(request);
        if (most == 0 || request.version() == HttpVersion.HTTP_2) {
            context.next();
            return;
        }
        var body = Buffer.buffer(request.getHeader(HttpHeaders.CONTENT_LENGTH) == null ? 0 : (int) most);
        request.handler(piece -> {
            if (request.response().headWritten()) {
                return;
            }
            if (body.length() + piece.length() > most) {
                EarlyAnswer.refuse(request, BodyLimits.tooLarge(most));
            } else {
                body.appendBuffer(piece);
            }
        });
        request.endHandler(end -> {
            if (!request.response().headWritten()) {
                ((RoutingContextInternal) context).setBody(body);
                context.next();
            }
        });
        if (CONTINUE.equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
    }
}
