package io.text2video.worker.jobs;

import io.text2video.common.storage.ObjectStore;
import io.text2video.worker.state.Checkpoints;
import io.text2video.worker.state.GenerationState;
import io.text2video.worker.state.SavedState;
import io.text2video.worker.state.UnusableStateException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The states of jobs on their way to the store, on a thread of its own: no generation waits for the store, and none fails
 * because of it. Owns the thread. Thread-safe.
 */
public final class JobCheckpoints implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(JobCheckpoints.class);
    private static final Duration AGAIN = Duration.ofSeconds(2);

    /** For what is under way when the worker has nothing left to do. */
    private static final Duration LAST = Duration.ofSeconds(2);

    private final CheckpointStore store;
    private final Backoff backoff;
    private final int every;
    private final Duration grace;
    private final JobMetrics metrics;
    private final ScheduledThreadPoolExecutor thread;

    /**
     * @param backoff for a store that is asked what an earlier attempt has left
     * @param every after how many steps a state is sent; 0 for never, and then no job goes on from one either
     * @param stopGrace what a worker has that is to stop; half of it may be spent on the last state
     */
    public JobCheckpoints(ObjectStore objects, Backoff backoff, int every, Duration stopGrace, JobMetrics metrics) {
        if (every < 0) {
            throw new IllegalArgumentException(
                    "a checkpoint after every %d steps (worker.checkpoint-steps); give 1 or more, or 0 for none"
                            .formatted(every));
        }
        store = new CheckpointStore(objects);
        this.backoff = backoff;
        this.every = every;
        grace = stopGrace.dividedBy(2);
        this.metrics = metrics;
        thread = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "checkpoints"));
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Half of what a worker has that is to stop. */
    Duration grace() {
        return grace;
    }

    OfAttempt of(Attempt attempt) {
        return new OfAttempt(attempt);
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

    /**
     * One attempt's. At most one waits while another is sent; a newer one takes its place. What the store does not take is
     * tried again, until a newer one is there or the attempt is over. Thread-safe.
     */
    final class OfAttempt implements Checkpoints {
        private final Attempt attempt;

        /** The last one that came, whether it is in the store by now or not. */
        private GenerationState newest;

        /** Null when nothing is to be sent. */
        private GenerationState waiting;

        /** Whether a send is due or under way. */
        private boolean sending;

        /** The send that is due later, after one that failed; else null. */
        private Future<?> again;

        /** No send is to follow one that failed. */
        private boolean leaving;

        /** Whether a state was kept that goes further than those before this attempt. On the sending thread, as the next. */
        private boolean progressed;

        /** Whether the store has that too. */
        private boolean progressNoted;

        private volatile boolean resumed;

        private OfAttempt(Attempt attempt) {
            this.attempt = attempt;
        }

        /** Whether the generation began in its middle, at a state that was kept. */
        boolean isResumed() {
            return resumed;
        }

        /** For the generation of this attempt. */
        Checkpoints orNone() {
            return every == 0 ? Checkpoints.NONE : this;
        }

        @Override
        public Optional<SavedState> newest(String computation, int below) {
            Optional<SavedState> own = own(computation, below);
            if (own.isPresent()) {
                return own;
            }
            try {
                return backoff.retry(() -> store.newest(attempt.id(), computation, below), attempt::pause);
            } catch (IOException e) {
                LOG.warnf("job begins anew, its checkpoints cannot be read %s cause=%s", attempt, e.getMessage());
                return Optional.empty();
            }
        }

        @Override
        public void resumed(int step, int steps) {
            LOG.infof("job resumed %s step=%d of=%d", attempt, step, steps);
            metrics.resumed(step);
            attempt.trace().resumed(step);
            resumed = true;
        }

        @Override
        public void refused(SavedState state, UnusableStateException reason) {
            LOG.warnf("checkpoint refused %s reason=%s", attempt, reason.getMessage());
            synchronized (this) {
                newest = null;
            }
            store.discard(state);
        }

        @Override
        public boolean isDue(int step, int steps) {
            return step % every == 0 || step == steps || attempt.isStopping();
        }

        @Override
        public synchronized void save(GenerationState state) {
            newest = state;
            waiting = state;
            if (!sending) {
                sending = true;
                thread.execute(this::send);
            }
        }

        /**
         * The attempt goes on no further, but another one may: waits for what is to be sent, as long as the store takes it; of a
         * cancelled job, for what is under way, so that it can be removed.
         */
        synchronized void leave() {
            if (attempt.isCancelled()) {
                drop();
            }
            leaving = true;
            if (again != null && again.cancel(false)) {
                thread.execute(this::send);
            }
            long end = System.nanoTime() + grace.toNanos();
            try {
                while (sending) {
                    long left = end - System.nanoTime();
                    if (left <= 0) {
                        LOG.warnf("checkpoint not kept in time %s grace=%s", attempt, grace);
                        return;
                    }
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** The job has ended: nobody needs what was not sent yet. */
        synchronized void drop() {
            leaving = true;
            newest = null;
            waiting = null;
        }

        private synchronized Optional<SavedState> own(String computation, int below) {
            return Optional.ofNullable(newest)
                    .filter(state -> state.computation().equals(computation) && state.step() < below)
                    .map(state -> new SavedState("the state of this attempt", state.step(), state.toBytes()));
        }

        private void send() {
            Optional<GenerationState> state = next();
            boolean kept = false;
            try {
                if (state.isPresent()) {
                    keep(state.get());
                }
                kept = true;
            } catch (IOException | RuntimeException | Error e) {
                LOG.warnf("checkpoint not kept %s cause=%s", attempt, e);
            } finally {
                sent(state, kept);
            }
        }

        private void keep(GenerationState state) throws IOException {
            switch (store.keep(attempt.id(), state)) {
                case FURTHEST -> progressed = true;
                case KNOWN -> LOG.debugf("checkpoint was there %s step=%d", attempt, state.step());
                case ENDED -> {
                    attempt.jobEnded();
                    drop();
                }
            }
            if (progressed && !progressNoted) {
                store.progress(attempt.id(), attempt.number());
                progressNoted = true;
            }
        }

        private synchronized Optional<GenerationState> next() {
            again = null;
            return Optional.ofNullable(waiting);
        }

        private synchronized void sent(Optional<GenerationState> state, boolean kept) {
            if (kept && waiting == state.orElse(null) || !kept && leaving) {
                waiting = null;
            }
            if (waiting == null) {
                sending = false;
                notifyAll();
            } else if (kept) {
                thread.execute(this::send);
            } else {
                again = thread.schedule(this::send, AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }
}
