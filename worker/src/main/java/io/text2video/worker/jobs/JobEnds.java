package io.text2video.worker.jobs;

import io.opentelemetry.api.trace.Span;
import io.text2video.common.job.JobSnapshot;
import io.text2video.kafka.PublicationException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The ends of jobs. One is committed in the archive, where a job has only one, and then published, both before anybody may
 * accept the record. Safe across threads.
 */
final class JobEnds {
    private static final Logger LOG = Logger.getLogger(JobEnds.class);

    /** For a store that is away when there is only something left to remove: no job waits for that for long. */
    private static final Backoff TIDYING = new Backoff(Duration.ofMinutes(1));

    private final String worker;
    private final VideoArchive archive;
    private final JobPublisher publisher;
    private final Backoff backoff;
    private final JobMetrics metrics;
    private final Clock clock;

    /** @param backoff for a broker that does not take a job's end */
    JobEnds(
            String worker,
            VideoArchive archive,
            JobPublisher publisher,
            Backoff backoff,
            JobMetrics metrics,
            Clock clock) {
        this.worker = worker;
        this.archive = archive;
        this.publisher = publisher;
        this.backoff = backoff;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** The video is in the store; whether it is the job's is seen here. */
    Outcome complete(Attempt attempt, JobSnapshot stored) throws IOException {
        JobSnapshot end = commit(stored, attempt::pauseEnding);
        if (!end.equals(stored)) {
            LOG.infof("job had ended before %s status=%s", attempt, end.status().wireName());
            return repeated(end);
        }
        metrics.stages(stored.timings());
        LOG.infof(
                "job completed %s worker=%s key=%s reused_steps=%d",
                attempt, worker, stored.video().key(), Objects.requireNonNullElse(stored.reusedSteps(), 0));
        return Outcome.COMPLETED;
    }

    /** Whoever cancelled the job may have ended it before, and may have died before publishing that. */
    Outcome cancel(Attempt attempt, JobSnapshot job) throws IOException {
        JobSnapshot end = commit(job.cancelled(clock.instant()), attempt::pauseEnding);
        LOG.infof(
                "job stopped %s worker=%s status=%s",
                attempt, worker, end.status().wireName());
        return repeated(end);
    }

    /** The job failed here; it may have ended otherwise before. */
    Outcome fail(JobSnapshot failed, Backoff.Pause pause) throws IOException {
        JobSnapshot end = commit(failed, pause);
        if (end.error() == null) {
            return repeated(end);
        }
        Span.current().setAttribute("error.type", end.error().code().wireName());
        LOG.warnf(
                "job failed job=%s attempt=%s worker=%s code=%s reason=%s",
                end.id(),
                end.attemptId(),
                worker,
                end.error().code().wireName(),
                end.error().message());
        metrics.failed(end.error().code());
        return Outcome.FAILED;
    }

    /** Whoever ended the job may have died before publishing it. */
    Outcome repeat(JobSnapshot end, Backoff.Pause pause) {
        publish(end, pause);
        LOG.infof(
                "job had ended before job=%s status=%s", end.id(), end.status().wireName());
        return repeated(end);
    }

    private JobSnapshot commit(JobSnapshot end, Backoff.Pause pause) throws IOException {
        JobSnapshot committed = archive.end(end, pause);
        publish(committed, pause);
        return committed;
    }

    /**
     * However long the broker takes. The job may be deleted meanwhile, as others publish its end too: then the deletion is
     * published after the end, or its topic would show the job again.
     */
    private void publish(JobSnapshot end, Backoff.Pause pause) {
        publishWithBackoff(end, pause);
        Optional<JobSnapshot> now = tidy(end, pause);
        if (now.isPresent() && !now.get().equals(end)) {
            publishWithBackoff(now.get(), pause);
        }
    }

    private void publishWithBackoff(JobSnapshot end, Backoff.Pause pause) {
        try {
            backoff.retry(() -> publishOnce(end), pause);
        } catch (IOException e) {
            throw (PublicationException) e.getCause();
        }
    }

    /** A broker that does not take it is a failure that may pass, like any other server's. */
    private Void publishOnce(JobSnapshot end) throws IOException {
        try {
            publisher.ended(end);
            return null;
        } catch (PublicationException e) {
            if (!e.isRetriable()) {
                throw e;
            }
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * What is left when that fails does no harm, and goes with the job.
     *
     * @return how the job stands now: ended so, or deleted
     */
    private Optional<JobSnapshot> tidy(JobSnapshot end, Backoff.Pause pause) {
        try {
            return TIDYING.retry(() -> archive.tidy(end.id()), pause);
        } catch (IOException e) {
            LOG.warnf("objects of an ended job stay in the store job=%s cause=%s", end.id(), e.getMessage());
            return Optional.empty();
        }
    }

    private static Outcome repeated(JobSnapshot end) {
        return switch (end.status()) {
            case CANCELLED -> Outcome.CANCELLED;
            default -> Outcome.REPEATED;
        };
    }
}
