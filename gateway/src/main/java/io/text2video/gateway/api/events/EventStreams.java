package io.text2video.gateway.api.events;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.Cancellable;
import io.text2video.common.job.JobId;
import io.text2video.gateway.access.Admission;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.jobs.JobView;
import io.vertx.core.http.HttpServerResponse;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * The streams of events that clients follow. However many there are, one thread of the pool at a time does their work, when there
 * is any: the view and the server's threads do no more than say so. Thread-safe.
 */
@Singleton
class EventStreams {
    /** Following jobs by streams of events. */
    @ConfigMapping(prefix = "events")
    interface EventsConfig {
        /** How many streams there are at once; who comes then is answered 503. Each takes a connection. */
        @WithDefault("10000")
        int atOnce();

        /** A stream without an event for so long is sent a comment, so that whatever lies between keeps the connection. */
        @WithDefault("15s")
        Duration heartbeat();

        /** A client that does not take an event in this time is cut off. */
        @WithDefault("30s")
        Duration writeTimeout();
    }

    private static final Logger LOG = Logger.getLogger(EventStreams.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    /** By then new requests are refused. */
    private static final int LATE = Interceptor.Priority.LIBRARY_AFTER;

    private final EventsConfig config;
    private final Admission admission;
    private final Semaphore places;
    private final Cancellable clock;

    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final Map<JobId, Set<EventStream>> byJob = new ConcurrentHashMap<>();
    private final Set<EventStream> ofAll = ConcurrentHashMap.newKeySet();

    private final AtomicInteger calls = new AtomicInteger();
    private final Set<JobId> changed = ConcurrentHashMap.newKeySet();
    private final Queue<EventStream> asking = new ConcurrentLinkedQueue<>();
    private volatile boolean tickDue;
    private volatile boolean ending;

    EventStreams(JobView view, Admission admission, EventsConfig config) {
        if (config.atOnce() < 1
                || config.heartbeat().compareTo(TICK) < 0
                || config.writeTimeout().compareTo(TICK) < 0) {
            throw new IllegalStateException(
                    "events.at-once is %d, events.heartbeat %s and events.write-timeout %s; they must be 1 and 1 s at least"
                            .formatted(config.atOnce(), config.heartbeat(), config.writeTimeout()));
        }
        this.config = config;
        this.admission = admission;
        places = new Semaphore(config.atOnce());
        view.listen(this::changed);
        clock = Multi.createFrom()
                .ticks()
                .every(TICK)
                .onOverflow()
                .drop()
                .subscribe()
                .with(tick -> {
                    tickDue = true;
                    call();
                });
    }

    void register(@Observes StartupEvent event, MeterRegistry meters) {
        Gauge.builder("text2video.event.streams", streams, Set::size)
                .description("Clients that follow jobs")
                .register(meters);
    }

    /** @throws ApiException with 503 when there are as many as may be */
    Multi<OutboundSseEvent> open(EventSource source, Caller caller, Sse sse, HttpServerResponse response) {
        if (!places.tryAcquire()) {
            throw ApiException.of(
                    ApiErrorCode.OVERLOADED,
                    "this gateway has %d streams of events already; ask again".formatted(config.atOnce()));
        }
        var stream = new EventStream(source, caller, sse, response);
        streams.add(stream);
        source.job().ifPresentOrElse(id -> add(stream, id), () -> ofAll.add(stream));
        return stream.events(() -> {
                    asking.add(stream);
                    call();
                })
                .onTermination()
                .invoke(() -> remove(stream));
    }

    private void add(EventStream stream, JobId job) {
        byJob.compute(job, (id, others) -> {
            Set<EventStream> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(stream);
            return all;
        });
    }

    private void remove(EventStream stream) {
        if (streams.remove(stream)) {
            stream.source().job().ifPresentOrElse(id -> remove(stream, id), () -> ofAll.remove(stream));
            places.release();
        }
    }

    private void remove(EventStream stream, JobId job) {
        byJob.computeIfPresent(job, (id, all) -> {
            all.remove(stream);
            return all.isEmpty() ? null : all;
        });
    }

    /** Lets all streams end: their clients come again, to another gateway. */
    void end(@Observes @Priority(LATE) ShutdownDelayInitiatedEvent event) {
        LOG.infof("streams of events end count=%d", streams.size());
        ending = true;
        call();
    }

    @PreDestroy
    void close() {
        clock.cancel();
    }

    private void changed(JobId id) {
        if (byJob.containsKey(id) || !ofAll.isEmpty()) {
            changed.add(id);
            call();
        }
    }

    /** There is work. */
    private void call() {
        if (calls.getAndIncrement() == 0) {
            Infrastructure.getDefaultExecutor().execute(this::work);
        }
    }

    private void work() {
        int answered;
        do {
            answered = calls.get();
            boolean tick = tickDue;
            tickDue = false;
            if (tick || ending) {
                streams.forEach(stream -> act(stream, () -> look(stream, tick)));
            }
            for (Iterator<JobId> ids = changed.iterator(); ids.hasNext(); ) {
                JobId id = ids.next();
                ids.remove();
                byJob.getOrDefault(id, Set.of()).forEach(stream -> act(stream, () -> stream.changed(id)));
                ofAll.forEach(stream -> act(stream, () -> stream.changed(id)));
            }
            for (EventStream stream = asking.poll(); stream != null; stream = asking.poll()) {
                act(stream, stream::proceed);
            }
        } while (!calls.compareAndSet(answered, 0));
    }

    private void look(EventStream stream, boolean tick) {
        if (stream.isGone()) {
            // Its client may have left before it was asked for anything.
            remove(stream);
        } else if (ending || !admission.isAdmitted(stream.caller())) {
            stream.end(tick);
        } else {
            stream.tick(config.heartbeat(), config.writeTimeout());
        }
    }

    private static void act(EventStream stream, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("stream of events cut off", e);
            stream.cutOff();
        }
    }
}
