package io.text2video.gateway.api.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.text2video.common.job.JobId;
import io.text2video.common.json.JsonCodec;
import io.text2video.gateway.access.Caller;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One client's events, each sent when the one before it is. What happens meanwhile is not kept: the next event tells how a job
 * stands by then. One thread at a time makes it proceed; others ask for events.
 */
final class EventStream {
    /** Milliseconds after which a client whose stream broke comes again. Not all at once. */
    private static final int COME_AGAIN_FROM = 1000;

    private static final int COME_AGAIN_UNTIL = 4000;

    private final EventSource source;
    private final Caller caller;
    private final Sse sse;
    private final HttpServerResponse response;
    private final OutboundSseEvent end;
    private final long comeAgain = ThreadLocalRandom.current().nextInt(COME_AGAIN_FROM, COME_AGAIN_UNTIL);

    /** Who wants an event; null while one is being sent. */
    private volatile UniEmitter<? super OutboundSseEvent> asked;

    private long lastSent = System.nanoTime();
    /** The answer's status goes out with the first of what is sent. */
    private boolean isAnswered;

    private boolean ending;

    EventStream(EventSource source, Caller caller, Sse sse, HttpServerResponse response) {
        this.source = source;
        this.caller = caller;
        this.sse = sse;
        this.response = response;
        end = sse.newEvent("end");
    }

    EventSource source() {
        return source;
    }

    Caller caller() {
        return caller;
    }

    /**
     * The events, as they are asked for.
     *
     * @param onAsked the stream may proceed
     */
    Multi<OutboundSseEvent> events(Runnable onAsked) {
        return Multi.createBy()
                .repeating()
                .<OutboundSseEvent>uni(emitter -> {
                    asked = emitter;
                    onAsked.run();
                })
                .until(event -> event == end);
    }

    /** A job that it tells of is no more as it was. */
    void changed(JobId id) {
        source.changed(id);
        proceed();
    }

    /** Sends the next event, where there is one and the client has taken the one before it. */
    void proceed() {
        if (asked == null) {
            return;
        }
        if (ending || source.isOver()) {
            send(end);
        } else {
            source.next().ifPresent(event -> send(event(event)));
        }
    }

    /**
     * Some time has passed.
     *
     * @param heartbeat after so long without an event the client is sent a comment; the first time at once
     * @param writeTimeout after so long a client that does not take what it was sent is cut off
     */
    void tick(Duration heartbeat, Duration writeTimeout) {
        source.tick();
        if (asked == null && silence().compareTo(writeTimeout) > 0) {
            cutOff();
            return;
        }
        proceed();
        if (asked != null && (!isAnswered || silence().compareTo(heartbeat) >= 0)) {
            send(sse.newEventBuilder().comment("heartbeat").build());
        }
    }

    private Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lastSent);
    }

    /** Is to end before all is told: at once where the client takes nothing, else after the event that is being sent. */
    void end(boolean atOnce) {
        ending = true;
        proceed();
        if (atOnce && asked == null) {
            cutOff();
        }
    }

    void cutOff() {
        response.reset();
    }

    /** Whether there is no client any more. */
    boolean isGone() {
        return response.closed() || response.ended();
    }

    private void send(OutboundSseEvent event) {
        UniEmitter<? super OutboundSseEvent> to = asked;
        asked = null;
        lastSent = System.nanoTime();
        isAnswered = true;
        to.complete(event);
    }

    private OutboundSseEvent event(JobEvent event) {
        return sse.newEventBuilder()
                .name(event.name())
                .id(event.id())
                .reconnectDelay(comeAgain)
                .data(new String(JsonCodec.write(event.data()), UTF_8))
                .build();
    }
}
