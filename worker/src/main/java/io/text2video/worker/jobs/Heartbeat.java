package io.text2video.worker.jobs;

import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.JobSnapshot;
import io.text2video.trace.JobContext;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Lets the fleet hear of every attempt that this worker has, whatever takes long in it: repeats its last progress, which is
 * step 0 before the first step. A repeated event is the same event. Owns a thread. Thread-safe.
 */
public final class Heartbeat implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Heartbeat.class);

    private final String worker;
    private final JobPublisher publisher;
    private final Clock clock = Clock.systemUTC();
    private final Set<Attempt> attempts = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "heartbeat"));

    /** @param every how long between two repetitions: much less than gateways wait before they miss a job */
    @SuppressWarnings("FutureReturnValueIgnored")
    public Heartbeat(String worker, JobPublisher publisher, Duration every) {
        this.worker = worker;
        this.publisher = publisher;
        thread.scheduleAtFixedRate(this::beat, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The attempt is this worker's. */
    void begin(Attempt attempt, JobSnapshot queued) {
        attempt.progressed(VideoEvent.begun(queued, attempt.number(), worker, clock.instant()));
        attempts.add(attempt);
    }

    /** The attempt has ended, one way or the other. */
    void end(Attempt attempt) {
        attempts.remove(attempt);
    }

    private void beat() {
        try {
            attempts.forEach(this::repeat);
        } catch (RuntimeException | Error e) {
            // A schedule that throws is over.
            LOG.warnf("heartbeat missed cause=%s", e.getMessage());
        }
    }

    /** As a part of the job's trace, as the event itself was. */
    private void repeat(Attempt attempt) {
        try (JobContext log = attempt.trace().open()) {
            publisher.progress(attempt.progress());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
