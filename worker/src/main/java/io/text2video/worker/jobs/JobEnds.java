package io.text2video.worker.jobs;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobSnapshot;
import io.text2video.worker.video.DiskFullException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * How jobs end. A job's end is committed in the archive, where it has only one, and then published, both before anybody
 * may accept the record. Safe across threads.
 */
final class JobEnds {
    private static final Logger LOG = Logger.getLogger(JobEnds.class);

    private final String worker;
    private final VideoArchive archive;
    private final JobPublisher publisher;
    private final Patience patience;
    private final JobMetrics metrics;
    private final Clock clock;

    /** @param patience for a broker that does not take a job's end */
    JobEnds(
            String worker,
            VideoArchive archive,
            JobPublisher publisher,
            Patience patience,
            JobMetrics metrics,
            Clock clock) {
        this.worker = worker;
        this.archive = archive;
        this.publisher = publisher;
        this.patience = patience;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** The video is in the store; whether it is the job's is seen here. */
    Outcome complete(Attempt attempt, JobSnapshot stored) throws IOException {
        JobSnapshot end = archive.end(attempt, stored);
        tell(end, attempt::pauseEnding);
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

    /** Whoever ended the job may have died before it could say so. */
    Outcome repeat(Handed handed, JobSnapshot end) {
        tell(end, handed::pause);
        LOG.infof(
                "job had ended before record=%s job=%s status=%s",
                handed, end.id(), end.status().wireName());
        return repeated(end);
    }

    /** So many attempts came to nothing that another one would. */
    Outcome giveUp(Handed handed, JobSnapshot job, AttemptId next, int attempts) throws IOException {
        String reason = "given up after %d attempts, of which none came to an end".formatted(attempts);
        publisher.parked(handed.record(), reason);
        var error = new JobError(ErrorCode.ATTEMPTS_EXHAUSTED, reason, null);
        return failed(archive.end(handed, job.failed(next, worker, error, clock.instant())), handed::pause);
    }

    /**
     * A job that nobody has begun failed, unless the failure is none of its own.
     *
     * @param next the attempt that might have been
     * @throws AbandonedException when that is the failure, or this worker is not to go on
     * @throws PublicationException when that is the failure
     */
    Outcome fail(Handed handed, JobSnapshot job, AttemptId next, Throwable failure) throws IOException {
        requireOwn(failure);
        handed.pause(Duration.ZERO);
        return failed(archive.end(handed, failed(job, next, failure)), handed::pause);
    }

    /**
     * The job failed, unless it was cancelled, or the failure is none of its own.
     *
     * @throws AbandonedException when that is the failure, or another worker may have the job
     * @throws PublicationException when that is the failure
     */
    Outcome fail(Attempt attempt, JobSnapshot job, Throwable failure) throws IOException {
        if (failure instanceof CancelledException || attempt.isCancelled()) {
            return cancel(attempt, job);
        }
        requireOwn(failure);
        attempt.requireHeld();
        attempt.checkpoint();
        return failed(archive.end(attempt, failed(job, attempt.number(), failure)), attempt::pauseEnding);
    }

    /** Whoever cancelled the job may have ended it before, and may have died before it could say so. */
    private Outcome cancel(Attempt attempt, JobSnapshot job) throws IOException {
        JobSnapshot end = archive.end(attempt, job.cancelled(clock.instant()));
        tell(end, attempt::pauseEnding);
        LOG.infof(
                "job stopped %s worker=%s status=%s",
                attempt, worker, end.status().wireName());
        return repeated(end);
    }

    /** The record is no request, but tells which job was meant. */
    Outcome malformed(Handed handed, JobSnapshot failed) throws IOException {
        return failed(archive.end(handed, failed), handed::pause);
    }

    private static void requireOwn(Throwable failure) {
        if (failure instanceof AbandonedException
                || failure instanceof PublicationException
                || failure instanceof DiskFullException) {
            throw (RuntimeException) failure;
        }
    }

    private JobSnapshot failed(JobSnapshot job, AttemptId attempt, Throwable failure) {
        JobError error = JobErrors.of(failure);
        if (error.code() == ErrorCode.INTERNAL_ERROR) {
            LOG.errorf(failure, "job broke job=%s attempt=%s worker=%s", job.id(), attempt, worker);
        }
        return job.failed(attempt, worker, error, clock.instant());
    }

    private Outcome failed(JobSnapshot end, Consumer<Duration> pause) {
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

    private static Outcome repeated(JobSnapshot end) {
        return switch (end.status()) {
            case CANCELLED -> Outcome.CANCELLED;
            default -> Outcome.REPEATED;
        };
    }

    /** Publishes the end, however long the broker takes, and removes what is of no use any more. */
    private void tell(JobSnapshot end, Consumer<Duration> pause) {
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
}
