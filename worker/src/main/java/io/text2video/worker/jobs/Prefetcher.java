package io.text2video.worker.jobs;

import io.text2video.worker.queue.Delivery;
import io.text2video.worker.queue.JobQueue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * The job after the one that is drawn: taken and prepared, its prompt encoded, on a thread of its own. There is at most one,
 * and it has not begun. Two threads may want it, and one gets it: the one that draws, or the one that ends the process.
 */
final class Prefetcher implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Prefetcher.class);

    /** A shorter one lets a worker sooner turn from looking ahead in vain to waiting. */
    private static final Duration POLL = Duration.ofMillis(200);

    private final JobQueue queue;
    private final JobRunner runner;
    private final StopSignal stop;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "job-ahead"));
    private final AtomicReference<JobStage.Prepared> job = new AtomicReference<>();
    private CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);
    private volatile boolean wanted;

    Prefetcher(JobQueue queue, JobRunner runner, StopSignal stop) {
        this.queue = queue;
        this.runner = runner;
        this.stop = stop;
    }

    /** Begins to look for a job. */
    void begin() {
        wanted = true;
        underWay = CompletableFuture.runAsync(this::take, thread);
    }

    /** Ends the search, and hands over what it found. From then on the queue is the caller's. */
    Optional<JobStage.Prepared> collect() {
        wanted = false;
        try {
            underWay.join();
        } catch (CompletionException e) {
            // Whoever asks the queue next sees it too.
            LOG.debugf(e.getCause(), "no job ahead");
        }
        return Optional.ofNullable(job.getAndSet(null));
    }

    /** Gives the job back, once it is prepared, unless it is drawn by then. Does not wait for that. */
    void release() {
        wanted = false;
        try {
            thread.execute(() -> Optional.ofNullable(job.getAndSet(null)).ifPresent(runner::release));
        } catch (RejectedExecutionException closed) {
            LOG.debug("no job ahead to release");
        }
    }

    private void take() {
        while (wanted && !stop.isSent() && job.get() == null) {
            Optional<Delivery> delivery = queue.next(POLL);
            if (delivery.isPresent() && runner.prepare(delivery.get()) instanceof JobStage.Prepared prepared) {
                job.set(stop.isSent() ? prepared : runner.encodeText(prepared));
            }
        }
    }

    @Override
    public void close() {
        collect().ifPresent(runner::release);
        thread.shutdown();
    }
}
