package io.text2video.gateway.api;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.text2video.common.job.JobId;
import io.text2video.gateway.jobs.JobView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who waits for jobs to end. The thread that reads a job's end tells them: waiting takes no thread. Thread-safe. */
@ApplicationScoped
class EndWaiters {
    private final Map<JobId, List<UniEmitter<? super Void>>> waiting = new ConcurrentHashMap<>();
    private final JobView view;

    /** Whether nobody is to wait any more. */
    private volatile boolean released;

    EndWaiters(JobView view) {
        this.view = view;
        view.listen(this::changed);
    }

    /** Completes when the job's end has been read, the job is gone, or that time is over. */
    Uni<Void> await(JobId id, Duration most) {
        return Uni.createFrom()
                .<Void>emitter(waiter -> {
                    add(id, waiter);
                    waiter.onTermination(() -> remove(id, waiter));
                    // It may have ended before, or in between.
                    if (released || view.hasEnded(id)) {
                        release(id);
                    }
                })
                .ifNoItem()
                .after(most)
                .recoverWithItem((Void) null)
                .emitOn(Infrastructure.getDefaultExecutor());
    }

    /** A gateway that ends lets nobody wait: it would have to cut them off. */
    void releaseAll(@Observes ShutdownDelayInitiatedEvent event) {
        released = true;
        waiting.keySet().forEach(this::release);
    }

    private void changed(JobId id) {
        if (waiting.containsKey(id) && (view.hasEnded(id) || view.known(id).isEmpty())) {
            release(id);
        }
    }

    private void release(JobId id) {
        List<UniEmitter<? super Void>> waiters = waiting.remove(id);
        if (waiters != null) {
            waiters.forEach(waiter -> waiter.complete(null));
        }
    }

    private void add(JobId id, UniEmitter<? super Void> waiter) {
        waiting.compute(id, (same, known) -> {
            List<UniEmitter<? super Void>> waiters = known == null ? new ArrayList<>(1) : known;
            waiters.add(waiter);
            return waiters;
        });
    }

    private void remove(JobId id, UniEmitter<? super Void> waiter) {
        waiting.computeIfPresent(id, (same, waiters) -> {
            waiters.remove(waiter);
            return waiters.isEmpty() ? null : waiters;
        });
    }
}
