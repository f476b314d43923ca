package io.text2video.worker.jobs;

import io.text2video.common.job.JobSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Publishes ends that the archive has, and removes what is of no use any more. Safe across threads. */
final class EndTeller {
    private static final Logger LOG = Logger.getLogger(EndTeller.class);

    private final String worker;
    private final VideoArchive archive;
    private final JobPublisher publisher;
    private final Patience patience;

    /** @param patience for a broker that does not take a job's end */
    EndTeller(String worker, VideoArchive archive, JobPublisher publisher, Patience patience) {
        this.worker = worker;
        this.archive = archive;
        this.publisher = publisher;
        this.patience = patience;
    }

    /**
     * Publishes the end, however long the broker takes.
     *
     * @param pause waits before another try, or throws to give up
     */
    void tell(JobSnapshot end, Consumer<Duration> pause) {
        try {
            patience.insist(
                    () -> {
                        publisher.ended(end);
                        return null;
                    },
                    pause);
        } catch (IOException e) {
            throw new PublicationException(e);
        }
        archive.tidy(end);
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
