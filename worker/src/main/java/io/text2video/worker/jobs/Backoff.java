package io.text2video.worker.jobs;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Tries what depends on another server again, at growing intervals, for a limited time.
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

    /**
     * Runs the action until it succeeds.
     *
     * @param pause waits for the given time, or throws to give up
     * @throws IOException the last failure
     */
    public <T> T insist(Action<T> action, Consumer<Duration> pause) throws IOException {
        return insist(IOException.class, action, pause);
    }

    /**
     * The same, but only failures of that kind are tried again.
     *
     * @throws IOException the last failure, or the first of another kind
     */
    <T> T insist(Class<? extends IOException> passing, Action<T> action, Consumer<Duration> pause) throws IOException {
        Instant end = Instant.now().plus(limit);
        Duration wait = first;
        while (true) {
            try {
                return action.run();
            } catch (IOException e) {
                if (!passing.isInstance(e) || Instant.now().plus(wait).isAfter(end)) {
                    throw e;
                }
                LOG.warnf("failed and tried again retry_ms=%d cause=%s", wait.toMillis(), e.getMessage());
            }
            pause.accept(wait);
            wait = wait.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? wait.multipliedBy(2) : LONGEST_PAUSE;
        }
    }
}
