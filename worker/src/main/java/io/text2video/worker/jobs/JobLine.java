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
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * A worker's jobs, one after the other, with little between them: while one is drawn, the one before it is stored and
 * published, and near its end the one after it is taken and prepared. At most one of each.
 *
 * <pre>
 *   job-ahead     take 2, prepare            take 3, prepare
 *   caller        draw 1 ───────► draw 2 ───────────► draw 3 ───────
 *   job-finish                    store, commit 1     store, commit 2
 * </pre>
 *
 * <p>A job is taken ahead only when the one before is about to end: another worker may be idle. And not while a job runs
 * that was tried before: if it kills this worker too, it takes no other with it. Where the queue can hold fewer, one is
 * finished before the next is taken.
 *
 * <p>The job ahead has not begun. Two threads may want it, and one gets it: the one that draws, or the one that ends the
 * process.
 */
public final class JobLine implements AutoCloseable {
    /** How many jobs are held at once where the queue can. */
    public static final int MOST_HELD = 3;

    private static final Logger LOG = Logger.getLogger(JobLine.class);
    private static final Duration POLL = Duration.ofSeconds(1);

    /** A shorter one lets a worker sooner turn from looking ahead in vain to waiting. */
    private static final Duration POLL_AHEAD = Duration.ofMillis(200);

    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);

    private final JobQueue queue;
    private final JobRunner runner;
    private final StopSignal stop;
    private final boolean prefetch;
    private final Duration idleTimeout;
    private final ExecutorService lookout = Executors.newSingleThreadExecutor(task -> new Thread(task, "job-ahead"));
    private final ExecutorService finishing = Executors.newSingleThreadExecutor(task -> new Thread(task, "job-finish"));
    private final AtomicReference<JobStage.Prepared> ahead = new AtomicReference<>();
    private volatile boolean wanted;
    private volatile boolean refused;
    private CompletableFuture<Void> lookingAhead = CompletableFuture.completedFuture(null);
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    /**
     * @param stop the signal that {@code runner} has too
     * @param prefetch whether a job is taken before the one before it has been drawn
     * @param idleTimeout after so long without a job it takes no more; zero for never
     */
    public JobLine(JobQueue queue, JobRunner runner, StopSignal stop, boolean prefetch, Duration idleTimeout) {
        this.queue = queue;
        this.runner = runner;
        this.stop = stop;
        this.prefetch = prefetch && queue.capacity() >= MOST_HELD;
        this.idleTimeout = idleTimeout;
    }

    /**
     * Takes jobs until the signal, or until there have been none for long enough.
     *
     * @param joined run each time the queue was asked
     */
    public void run(Runnable joined) {
        long idleSince = System.nanoTime();
        while (!stop.isSent()) {
            try {
                Optional<JobStage.Prepared> next = next();
                refused = false;
                joined.run();
                if (next.isPresent()) {
                    draw(next.get());
                    idleSince = System.nanoTime();
                } else if (isTooLong(System.nanoTime() - idleSince)) {
                    return;
                }
            } catch (KafkaException e) {
                refused = true;
                LOG.warnf("no jobs from the broker cause=%s", e.getMessage());
                stop.await(AFTER_REFUSAL);
            }
        }
    }

    /** Whether the broker, when it was asked last, refused this worker: it takes no jobs then. One that is away refuses nothing. */
    public boolean isRefused() {
        return refused;
    }

    /** The signal was sent: a job that has not begun is given back, once it is prepared. Does not wait for that. */
    public void releaseAhead() {
        wanted = false;
        try {
            lookout.execute(() -> Optional.ofNullable(ahead.getAndSet(null)).ifPresent(runner::release));
        } catch (RejectedExecutionException closed) {
            LOG.debug("no job ahead to release");
        }
    }

    private boolean isTooLong(long idleNanoseconds) {
        return !idleTimeout.isZero() && idleNanoseconds >= idleTimeout.toNanos();
    }

    private Optional<JobStage.Prepared> next() {
        return collectAhead().or(() -> queue.next(POLL).flatMap(this::prepare));
    }

    private Optional<JobStage.Prepared> prepare(Delivery delivery) {
        return runner.prepare(delivery) instanceof JobStage.Prepared prepared
                ? Optional.of(prepared)
                : Optional.empty();
    }

    private void draw(JobStage.Prepared job) {
        boolean alone = !prefetch || job.attempt().isSuspect();
        JobStage stage = runner.draw(job, alone ? () -> {} : this::lookAhead);
        if (stage instanceof JobStage.Drawn drawn) {
            last.join();
            last = CompletableFuture.runAsync(() -> runner.finish(drawn), finishing);
            if (queue.capacity() == 1) {
                last.join();
            }
        }
    }

    private void lookAhead() {
        wanted = true;
        lookingAhead = CompletableFuture.runAsync(this::takeAhead, lookout);
    }

    private void takeAhead() {
        while (wanted && !stop.isSent() && ahead.get() == null) {
            queue.next(POLL_AHEAD).flatMap(this::prepare).ifPresent(this::keepAhead);
        }
    }

    /** First of all it is kept: whatever fails after that, somebody ends it. */
    private void keepAhead(JobStage.Prepared prepared) {
        ahead.set(prepared);
        if (!stop.isSent()) {
            ahead.set(runner.encodeText(prepared));
        }
    }

    /** Ends the looking ahead, and hands over what it found. From then on the queue is the caller's. */
    private Optional<JobStage.Prepared> collectAhead() {
        wanted = false;
        try {
            lookingAhead.join();
        } catch (CompletionException e) {
            // Of the broker's, whoever asks the queue next sees it too.
            LOG.logf(
                    e.getCause() instanceof KafkaException ? Logger.Level.DEBUG : Logger.Level.ERROR,
                    e.getCause(),
                    "no job ahead");
        }
        return Optional.ofNullable(ahead.getAndSet(null));
    }

    /** Gives back the job ahead, and waits for the one that is being finished. */
    @Override
    public void close() {
        collectAhead().ifPresent(runner::release);
        lookout.shutdown();
        finishing.shutdown();
        last.join();
    }
}
