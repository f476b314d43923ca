package io.text2video.worker.jobs;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/**
 * Tries what depends on another server again, at growing intervals, for a limited time. A library's retry waits in its own
 * sleep; here whoever calls does the waiting, so that a worker that is to stop, or whose job is cancelled, wakes up.
 *
 * @param limit after which the last failure is final
 * @param first how long to wait before the second try; doubles up to {@link #LONGEST_PAUSE}
 */
public record Backoff(Duration limit, Duration first) {
    private static final Logger LOG = Logger.getLogger(Backoff.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    public Backoff(Duration limit) {
        this(limit, Duration.ofMillis(500));
    }

    /** Something that another server may refuse. */
    @FunctionalInterface
    public interface Action<T> {
        T run() throws IOException;
    }

    /** Waits for the given time, or throws to give up. */
    @FunctionalInterface
    public interface Pause {
        void await(Duration time);
    }

    /**
     * Runs the action until it succeeds.
     *
     * @throws IOException the last failure
     */
    public <T> T retry(Action<T> action, Pause pause) throws IOException {
        return retry(IOException.class, action, pause);
    }

    /**
     * The same, but only failures of that kind are tried again.
     *
     * @throws IOException the last failure, or the first of another kind
     */
    <T> T retry(Class<? extends IOException> retriable, Action<T> action, Pause pause) throws IOException {
        Instant end = Instant.now().plus(limit);
        Duration wait = first;
        while (true) {
            try {
                return action.run();
            } catch (IOException e) {
                if (!retriable.isInstance(e) || Instant.now().plus(wait).isAfter(end)) {
                    throw e;
                }
                LOG.warnf("failed and tried again retry_ms=%d cause=%s", wait.toMillis(), e.getMessage());
            }
            pause.await(wait);
            wait = wait.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? wait.multipliedBy(2) : LONGEST_PAUSE;
        }
    }
}
