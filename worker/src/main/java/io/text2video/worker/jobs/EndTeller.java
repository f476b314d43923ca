package io.text2video.worker.jobs;

import io.text2video.common.job.JobSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Publishes ends that the archive has, and removes what is of no use any more. Safe across threads. */
final class EndTeller {
    private static final Logger LOG = Logger.getLogger(EndTeller.class);

    /** For a store that is away when there is only something left to remove: no job waits for that for long. */
    private static final Backoff TIDYING = new Backoff(Duration.ofMinutes(1));

    private final String worker;
    private final VideoArchive archive;
    private final JobPublisher publisher;
    private final Backoff patience;

    /** @param patience for a broker that does not take a job's end */
    EndTeller(String worker, VideoArchive archive, JobPublisher publisher, Backoff patience) {
        this.worker = worker;
        this.archive = archive;
        this.publisher = publisher;
        this.patience = patience;
    }

    /**
     * Publishes the end, however long the broker takes, and removes what is of no use any more.
     *
     * @param pause waits before another try, or throws to give up
     */
    void tell(JobSnapshot end, Consumer<Duration> pause) {
        try {
            patience.insist(() -> publish(end), pause);
        } catch (IOException e) {
            throw (PublicationException) e.getCause();
        }
        tidy(end, pause);
    }

    /** A broker that does not take it is a failure that may pass, like any other server's. */
    private Void publish(JobSnapshot end) throws IOException {
        try {
            publisher.ended(end);
            return null;
        } catch (PublicationException e) {
            if (!io.text2video.kafka.PublicationException.isRetriable(e)) {
                throw e;
            }
            throw new IOException(e.getMessage(), e);
        }
    }

    /** What is left when that fails does no harm, and goes with the job. */
    private void tidy(JobSnapshot end, Consumer<Duration> pause) {
        try {
            TIDYING.insist(
                    () -> {
                        archive.tidy(end);
                        return null;
                    },
                    pause);
        } catch (IOException e) {
            LOG.warnf("objects of an ended job stay in the store job=%s cause=%s", end.id(), e.getMessage());
        }
    }

    /** The same for a job that failed here; it may have ended otherwise before. */
    Outcome failed(JobSnapshot end, Consumer<Duration> pause) {
        tell(end, pause);
        if (end.error() == null) {
            return repeated(end);
        }
        LOG.warnf(
                "job failed job=%s attempt=%s worker=%s code=%s reason=%s",
                end.id(),
                end.attemptId(),
                worker,
                end.error().code().wireName(),
                end.error().message());
        return Outcome.FAILED;
    }

    static Outcome repeated(JobSnapshot end) {
        return switch (end.status()) {
            case CANCELLED -> Outcome.CANCELLED;
            default -> Outcome.REPEATED;
        };
    }
}
