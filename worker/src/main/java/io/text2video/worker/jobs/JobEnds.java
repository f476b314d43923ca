package io.text2video.worker.jobs;

import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobSnapshot;
import java.io.IOException;
import java.time.Clock;
import java.util.Objects;
import org.jboss.logging.Logger;

/** How jobs end, each way published before anybody may accept the record. Safe across threads. */
final class JobEnds {
    private static final Logger LOG = Logger.getLogger(JobEnds.class);

    private final String worker;
    private final VideoArchive archive;
    private final JobPublisher publisher;
    private final JobMetrics metrics;
    private final Clock clock;

    JobEnds(String worker, VideoArchive archive, JobPublisher publisher, JobMetrics metrics, Clock clock) {
        this.worker = worker;
        this.archive = archive;
        this.publisher = publisher;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** The video is in the store; whether it is the job's is seen here. */
    Outcome complete(Attempt attempt, JobSnapshot stored) throws IOException {
        JobSnapshot completed = archive.complete(attempt, stored);
        if (completed.equals(stored)) {
            publisher.ended(stored);
            metrics.stages(stored.timings());
            LOG.infof(
                    "job completed %s worker=%s key=%s reused_steps=%d",
                    attempt, worker, stored.video().key(), Objects.requireNonNullElse(stored.reusedSteps(), 0));
            return Outcome.COMPLETED;
        }
        if (!completed.video().key().equals(stored.video().key())) {
            archive.discard(attempt);
        }
        return repeat(attempt, completed);
    }

    /** Whoever completed the job may have died before it could say so. */
    Outcome repeat(Attempt attempt, JobSnapshot completed) {
        if (attempt.delivery().isLost()) {
            throw new AbandonedException("another attempt has completed the job");
        }
        publisher.ended(completed);
        LOG.infof("job was completed before %s completed_by=%d", attempt, completed.attempt());
        return Outcome.REPEATED;
    }

    Outcome giveUp(Attempt attempt, JobSnapshot job, int attempts) {
        String reason = "given up after %d attempts, of which none came to an end".formatted(attempts);
        publisher.parked(attempt.delivery().record(), reason);
        return publish(attempt, job, JobErrors.internal(reason));
    }

    /**
     * The job failed, unless the failure is none of its own.
     *
     * @throws AbandonedException when that is the failure, or the attempt is not to go on
     * @throws PublicationException when that is the failure, or the broker does not take the end
     */
    Outcome fail(Attempt attempt, JobSnapshot job, Throwable failure) {
        if (failure instanceof AbandonedException || failure instanceof PublicationException) {
            throw (RuntimeException) failure;
        }
        attempt.checkpoint();
        JobError error = JobErrors.of(failure);
        if (error.code() == ErrorCode.INTERNAL_ERROR) {
            LOG.errorf(failure, "job broke %s worker=%s", attempt, worker);
        }
        return publish(attempt, job, error);
    }

    private Outcome publish(Attempt attempt, JobSnapshot job, JobError error) {
        publisher.ended(job.failed(attempt.number(), worker, error, clock.instant()));
        LOG.warnf(
                "job failed %s worker=%s code=%s reason=%s",
                attempt, worker, error.code().wireName(), error.message());
        return Outcome.FAILED;
    }
}
