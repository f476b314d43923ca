package io.text2video.gateway.api.bodies;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.api.errors.EarlyAnswer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Keeps the bodies of all requests in hand within a share of the heap. Before a large one is read, what it will take is
 * reserved, until its answer has gone out; where too little is left, the client is to come again. Thread-safe.
 */
@Singleton
public class BodyMemory {
    /** Requests' bodies. */
    @ConfigMapping(prefix = "body")
    interface BodyConfig {
        /** What bodies may take of the heap, all requests together; half of it unless said. What comes then is answered 503. */
        Optional<MemorySize> memory();

        /** How long a body may take to come, from the end of the request's headers on; then 408. And the headers themselves. */
        @WithDefault("60s")
        Duration timeout();
    }

    /** After the limit of a single body. */
    private static final int AFTER_LIMITS = 90;

    private static final int KIBI = 1 << 10;
    /** Smaller bodies are not counted: a request costs about as much without one. */
    private static final int LARGE = 64 * KIBI;
    /** Buffers, text of two bytes a letter at worst, and the bytes in it; reckoned, not measured. */
    private static final int COPIES_OF_JSON = 8;
    /** Buffers, the bytes in them, and a form's file; reckoned, not measured. */
    private static final int COPIES_OF_OTHERS = 4;

    private final int all;
    private final Semaphore free;

    BodyMemory(BodyConfig config) {
        long bytes = config.memory()
                .map(MemorySize::asLongValue)
                .orElseGet(() -> Runtime.getRuntime().maxMemory() / 2);
        if (bytes < LARGE) {
            throw new IllegalStateException("body.memory is %d bytes; it must be %d at least".formatted(bytes, LARGE));
        }
        all = (int) Math.min(bytes / KIBI, Integer.MAX_VALUE);
        free = new Semaphore(all);
    }

    void register(@Observes Filters filters) {
        filters.register(this::reserve, AFTER_LIMITS);
    }

    /** Whether memory is reserved for the body until the answer has gone out: then nobody should let it wait. */
    public static boolean isHeldFor(HttpServerRequest request) {
        return BodyLimits.mostBytes(request) > LARGE;
    }

    private void reserve(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!isHeldFor(request)) {
            context.next();
            return;
        }
        // One that alone needs more than all is let through alone.
        int kibi = (int) Math.min(all, BodyLimits.mostBytes(request) * copies(request) / KIBI);
        if (free.tryAcquire(kibi)) {
            context.addEndHandler(ended -> free.release(kibi));
            context.next();
        } else {
            EarlyAnswer.refuse(
                    request,
                    ApiException.of(
                            ApiErrorCode.OVERLOADED,
                            "this gateway has as many large bodies in hand as it can hold; ask again"));
        }
    }

    private static int copies(HttpServerRequest request) {
        return BodyLimits.isJson(request) ? COPIES_OF_JSON : COPIES_OF_OTHERS;
    }
}
