package io.text2video.worker.jobs;

import io.text2video.worker.queue.JobQueue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
 */
public final class JobLine implements AutoCloseable {
    /** How many jobs are held at once where the queue can. */
    public static final int MOST_HELD = 3;

    private static final Logger LOG = Logger.getLogger(JobLine.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);

    private final JobQueue queue;
    private final JobRunner runner;
    private final StopSignal stop;
    private final boolean prefetch;
    private final Prefetcher ahead;
    private final ExecutorService finishing = Executors.newSingleThreadExecutor(task -> new Thread(task, "job-finish"));
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    /**
     * @param stop the signal that {@code runner} has too
     * @param prefetch whether a job is taken before the one before it has been drawn
     */
    public JobLine(JobQueue queue, JobRunner runner, StopSignal stop, boolean prefetch) {
        this.queue = queue;
        this.runner = runner;
        this.stop = stop;
        this.prefetch = prefetch && queue.capacity() >= MOST_HELD;
        ahead = new Prefetcher(queue, runner, stop);
    }

    /**
     * Takes jobs until the signal.
     *
     * @param joined run each time the queue was asked
     */
    public void run(Runnable joined) {
        while (!stop.isSent()) {
            try {
                Optional<JobStage.Prepared> next = next();
                joined.run();
                next.ifPresent(this::draw);
            } catch (KafkaException e) {
                LOG.warnf("no jobs from the broker cause=%s", e.getMessage());
                stop.await(AFTER_REFUSAL);
            }
        }
    }

    /** The signal was sent: a job that has not begun is given back at once. */
    public void releaseAhead() {
        ahead.release();
    }

    private Optional<JobStage.Prepared> next() {
        return ahead.collect().or(() -> queue.next(POLL)
                .map(runner::prepare)
                .flatMap(stage ->
                        stage instanceof JobStage.Prepared prepared ? Optional.of(prepared) : Optional.empty()));
    }

    private void draw(JobStage.Prepared job) {
        boolean alone = !prefetch || job.attempt().isSuspect();
        JobStage stage = runner.draw(job, alone ? () -> {} : ahead::begin);
        if (stage instanceof JobStage.Drawn drawn) {
            last.join();
            last = CompletableFuture.runAsync(() -> runner.finish(drawn), finishing);
            if (queue.capacity() == 1) {
                last.join();
            }
        }
    }

    /** Waits for the job that is being finished. */
    @Override
    public void close() {
        ahead.close();
        finishing.shutdown();
        last.join();
    }
}
