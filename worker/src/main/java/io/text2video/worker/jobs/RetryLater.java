package io.text2video.worker.jobs;

import io.text2video.common.job.JobSnapshot;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.lifecycle.RetryHeaders;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import org.jboss.logging.Logger;

/**
 * The job is tried again after a while: what may pass. Its request goes to {@code video.retry} as its next publication, and
 * only then is the job said to be queued again. Not a crash: the attempt is not held against the job, earlier ones still
 * are. When the worker dies in between, the record comes again, and one of the two publications is dropped.
 */
final class RetryLater implements FailurePolicy {
    private static final Logger LOG = Logger.getLogger(RetryLater.class);

    private final Retries retries;
    private final JobPublisher publisher;
    private final VideoArchive archive;
    private final FailAtOnce otherwise;
    private final Clock clock;

    /** @param otherwise what is done after the last retry */
    RetryLater(Retries retries, JobPublisher publisher, VideoArchive archive, FailAtOnce otherwise, Clock clock) {
        this.retries = retries;
        this.publisher = publisher;
        this.archive = archive;
        this.otherwise = otherwise;
        this.clock = clock;
    }

    @Override
    public Outcome apply(FailedJob failed) throws IOException {
        Handed handed = failed.handed();
        Lineage lineage = handed.lineage();
        if (!retries.isAnotherAfter(lineage.retries())) {
            return otherwise.apply(failed);
        }
        Lineage next = new Lineage(lineage.generation() + 1, failed.charged(), lineage.retries() + 1);
        Instant sent = handed.delivery().recordTime();
        Instant due = clock.instant().plus(retries.delay(lineage.retries()));
        var headers = new RetryHeaders(
                due, handed.record().topic(), sent, failed.error().message());
        publisher.retried(
                headers.record(handed.record(), next), JobSnapshot.queued(failed.request(), sent, next.generation()));
        archive.release(failed.job().id(), failed.attempt());
        LOG.warnf(
                "job failed and is retried job=%s attempt=%s code=%s retry=%d of=%d due=%s reason=%s",
                failed.job().id(),
                failed.attempt(),
                failed.error().code().wireName(),
                next.retries(),
                retries.most(),
                due,
                failed.error().message());
        return Outcome.RETRIED;
    }
}
