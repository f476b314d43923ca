package io.text2video.worker.jobs;

import io.text2video.common.storage.ObjectStore;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Sends the states of jobs to the store, on a thread of its own: no generation waits for the store, and none fails
 * because of it.
 */
public final class CheckpointSender implements AutoCloseable {
    /** What is under way when the worker has nothing left to do. */
    private static final Duration LAST = Duration.ofSeconds(2);

    private final CheckpointStore store;
    private final Backoff patience;
    private final int every;
    private final Duration stopGrace;
    private final JobMetrics metrics;
    private final ScheduledThreadPoolExecutor thread;

    /**
     * @param patience for a store that is to say what an earlier attempt has left
     * @param every after how many steps a state is sent; 0 for never, and then no job goes on from one either
     * @param stopGrace what a worker has that is to stop; half of it may be spent on the last state
     */
    public CheckpointSender(ObjectStore objects, Backoff patience, int every, Duration stopGrace, JobMetrics metrics) {
        if (every < 0) {
            throw new IllegalArgumentException(
                    "a checkpoint after every %d steps (worker.checkpoint-steps); give 1 or more, or 0 for none"
                            .formatted(every));
        }
        this.store = new CheckpointStore(objects);
        this.patience = patience;
        this.every = every;
        this.stopGrace = stopGrace;
        this.metrics = metrics;
        thread = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "checkpoints"));
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Those of an attempt. */
    JobCheckpoints of(Attempt attempt) {
        return new JobCheckpoints(attempt, store, patience, every, stopGrace.dividedBy(2), thread, metrics);
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LAST.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
