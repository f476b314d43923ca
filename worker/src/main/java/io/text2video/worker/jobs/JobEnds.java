package io.text2video.worker.jobs;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.worker.kernels.DeviceFailedException;
import io.text2video.worker.video.DiskFullException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.jboss.logging.Logger;

/**
 * How attempts end. A job's end is committed in the archive, where it has only one, and then published, both before anybody
 * may accept the record. Safe across threads.
 */
final class JobEnds {
    private static final Logger LOG = Logger.getLogger(JobEnds.class);

    private final String worker;
    private final VideoArchive archive;
    private final EndTeller teller;
    private final FailurePolicies policies;
    private final JobMetrics metrics;
    private final Clock clock;

    JobEnds(
            String worker,
            VideoArchive archive,
            EndTeller teller,
            FailurePolicies policies,
            JobMetrics metrics,
            Clock clock) {
        this.worker = worker;
        this.archive = archive;
        this.teller = teller;
        this.policies = policies;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** The video is in the store; whether it is the job's is seen here. */
    Outcome complete(Attempt attempt, JobSnapshot stored) throws IOException {
        JobSnapshot end = archive.end(attempt::pauseEnding, stored);
        teller.tell(end, attempt::pauseEnding);
        if (!end.equals(stored)) {
            LOG.infof("job had ended before %s status=%s", attempt, end.status().wireName());
            return EndTeller.repeated(end);
        }
        metrics.stages(stored.timings());
        LOG.infof(
                "job completed %s worker=%s key=%s reused_steps=%d",
                attempt, worker, stored.video().key(), Objects.requireNonNullElse(stored.reusedSteps(), 0));
        return Outcome.COMPLETED;
    }

    /** Whoever ended the job may have died before it could say so. */
    Outcome repeat(Handed handed, JobSnapshot end) {
        teller.tell(end, handed::pause);
        LOG.infof(
                "job had ended before record=%s job=%s status=%s",
                handed, end.id(), end.status().wireName());
        return EndTeller.repeated(end);
    }

    /** So many attempts came to nothing that another one would. */
    Outcome giveUp(Handed handed, VideoRequest request, JobSnapshot job, AttemptId next, int attempts)
            throws IOException {
        String reason = "given up after %d attempts, of which none came to an end".formatted(attempts);
        var error = new JobError(ErrorCode.ATTEMPTS_EXHAUSTED, reason, null);
        return policies.of(error.code(), null)
                .apply(new FailedJob(handed, request, job, next, attempts, error, handed::pause));
    }

    /**
     * A job that nobody has begun failed, unless the failure is none of its own.
     *
     * @param next the attempt that might have been
     * @throws AbandonedException when that is the failure, or this worker is not to go on
     * @throws PublicationException when that is the failure
     */
    Outcome fail(Handed handed, VideoRequest request, JobSnapshot job, AttemptId next, Throwable failure)
            throws IOException {
        requireOwn(failure);
        handed.pause(Duration.ZERO);
        int charged = handed.lineage().attempts();
        return apply(new FailedJob(handed, request, job, next, charged, JobErrors.of(failure), handed::pause), failure);
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
        var failed = new FailedJob(
                attempt.handed(),
                attempt.request(),
                job,
                attempt.number(),
                attempt.charged(),
                JobErrors.of(failure),
                attempt::pauseEnding);
        return apply(failed, failure);
    }

    /** Whoever cancelled the job may have ended it before, and may have died before it could say so. */
    private Outcome cancel(Attempt attempt, JobSnapshot job) throws IOException {
        JobSnapshot end = archive.end(attempt::pauseEnding, job.cancelled(clock.instant()));
        teller.tell(end, attempt::pauseEnding);
        LOG.infof(
                "job stopped %s worker=%s status=%s",
                attempt, worker, end.status().wireName());
        return EndTeller.repeated(end);
    }

    private static void requireOwn(Throwable failure) {
        if (failure instanceof AbandonedException
                || failure instanceof PublicationException
                || failure instanceof DiskFullException
                || failure instanceof DeviceFailedException) {
            throw (RuntimeException) failure;
        }
    }

    private Outcome apply(FailedJob failed, Throwable failure) throws IOException {
        if (failed.error().code() == ErrorCode.INTERNAL_ERROR) {
            LOG.errorf(
                    failure,
                    "job broke job=%s attempt=%s worker=%s",
                    failed.job().id(),
                    failed.attempt(),
                    worker);
        }
        return policies.of(failed.error().code(), failure).apply(failed);
    }
}
