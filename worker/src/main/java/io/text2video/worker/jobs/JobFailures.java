package io.text2video.worker.jobs;

import io.opentelemetry.api.trace.Span;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.lifecycle.RetryHeaders;
import io.text2video.common.model.GenerationTooLargeException;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.kafka.PublicationException;
import io.text2video.worker.kernels.DeviceFailedException;
import io.text2video.worker.kernels.OutOfMemoryException;
import io.text2video.worker.pipeline.NonFiniteOutputException;
import io.text2video.worker.plan.InsufficientMemoryException;
import io.text2video.worker.prompt.PromptEnhancementException;
import io.text2video.worker.queue.Delivery;
import io.text2video.worker.video.DiskFullException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What follows from a failure. All of it is safe before a method returns: then the record may be accepted. Safe across
 * threads.
 *
 * <pre>
 *   what another attempt would not change  fail at once
 *   what may pass                          to video.retry, queued again; after the last retry, fail
 *   what ends worker after worker          to the dead letters, where somebody may look at it, and fail
 * </pre>
 */
final class JobFailures {
    private static final Logger LOG = Logger.getLogger(JobFailures.class);

    private final String worker;
    private final Retries retries;
    private final JobEnds ends;
    private final JobPublisher publisher;
    private final JobMetrics metrics;
    private final VideoArchive archive;
    private final Clock clock;

    JobFailures(
            String worker,
            Retries retries,
            JobEnds ends,
            JobPublisher publisher,
            JobMetrics metrics,
            VideoArchive archive,
            Clock clock) {
        this.worker = worker;
        this.retries = retries;
        this.ends = ends;
        this.publisher = publisher;
        this.metrics = metrics;
        this.archive = archive;
        this.clock = clock;
    }

    /**
     * A job that has failed here, before anything has followed from it.
     *
     * @param job as it stood
     * @param attempt that failed, or that might have been
     * @param charged earlier attempts that are held against the job
     */
    record FailedJob(
            Delivery delivery,
            VideoRequest request,
            JobSnapshot job,
            AttemptId attempt,
            int charged,
            Backoff.Pause pause) {}

    /**
     * The attempt failed, unless the job was cancelled, or the failure is none of its own.
     *
     * @param job as it stood
     * @throws AbandonedException when that is the failure, or another worker may have the job
     * @throws PublicationException when that is the failure, or the broker does not take what is to be published
     * @throws IOException when the store stays away
     */
    Outcome fail(Attempt attempt, JobSnapshot job, Throwable failure) throws IOException {
        if (attempt.isCancelled()) {
            return ends.cancel(attempt, job);
        }
        requireOwn(failure);
        attempt.requireHeld();
        attempt.checkpoint();
        var failed = new FailedJob(
                attempt.delivery(), attempt.request(), job, attempt.number(), attempt.charged(), attempt::pauseEnding);
        JobError error = error(failure);
        if (error.code() == ErrorCode.INTERNAL_ERROR) {
            LOG.errorf(failure, "job broke %s worker=%s", attempt, worker);
        }
        return switch (error.code()) {
            case INVALID_PARAMETER, JOB_TOO_LARGE, UNKNOWN_MODEL, NON_FINITE_OUTPUT, ATTEMPTS_EXHAUSTED ->
                failAtOnce(failed, error);
            // Memory that the plan lacks, it will lack again.
            case OUT_OF_MEMORY ->
                failure instanceof InsufficientMemoryException ? failAtOnce(failed, error) : retry(failed, error);
            case PROMPT_NOT_ENHANCED, STORAGE_ERROR, INTERNAL_ERROR -> retry(failed, error);
        };
    }

    /**
     * Nobody has the model that a job asks for which nobody has begun.
     *
     * @throws AbandonedException when this worker is not to go on
     * @throws PublicationException when the broker does not take the end
     * @throws IOException when the store stays away
     */
    Outcome fail(FailedJob failed, UnknownModelException failure) throws IOException {
        failed.pause().await(Duration.ZERO);
        return failAtOnce(failed, error(failure));
    }

    /**
     * So many attempts came to nothing that another one would. Throws as {@link #fail(FailedJob, UnknownModelException)} does.
     *
     * @param attempts how many there were, those included that made progress
     */
    Outcome giveUp(FailedJob failed, int attempts) throws IOException {
        String reason =
                "given up after %d attempts, none of which came to an end and %d of which made no progress or hung"
                        .formatted(attempts, failed.charged());
        publisher.deadLetter(failed.delivery().record(), reason, attempts);
        metrics.deadLettered(JobMetrics.DeadLettering.GIVEN_UP);
        return failAtOnce(failed, new JobError(ErrorCode.ATTEMPTS_EXHAUSTED, reason, null));
    }

    private Outcome failAtOnce(FailedJob failed, JobError error) throws IOException {
        return ends.fail(failed.job().failed(failed.attempt(), worker, error, clock.instant()), failed.pause());
    }

    /**
     * The job is said to be queued again, and then its request goes to {@code video.retry} as its next publication. Not the other
     * way round: another worker could have the job and end it before the state is published, and the topic would keep the state
     * that came last. For that reason too the folder is looked into between the two, as this worker may have been frozen: whoever
     * ends the job after that look publishes the end after the state. When the worker dies in between, the record comes again.
     * Not a crash: the attempt is not held against the job, earlier ones still are.
     */
    private Outcome retry(FailedJob failed, JobError error) throws IOException {
        Delivery delivery = failed.delivery();
        Lineage lineage = Lineage.of(delivery.record().headers());
        if (!retries.isAnotherAfter(lineage.retries())) {
            return failAtOnce(failed, error);
        }
        Lineage next = new Lineage(lineage.generation() + 1, failed.charged(), lineage.retries() + 1);
        Instant sent = delivery.recordTime();
        Instant due = clock.instant().plus(retries.delay(lineage.retries()));
        var headers = new RetryHeaders(due, delivery.record().topic(), sent, error.message());
        publisher.queuedAgain(JobSnapshot.queued(failed.request(), sent, next.generation()));
        Optional<JobSnapshot> end = archive.end(failed.job().id(), failed.pause());
        if (end.isPresent()) {
            return ends.repeat(end.get(), failed.pause());
        }
        publisher.retried(headers.record(delivery.record(), next));
        Span.current().setAttribute("error.type", error.code().wireName());
        archive.release(failed.job().id(), failed.attempt());
        LOG.warnf(
                "job failed and is retried job=%s attempt=%s code=%s retry=%d of=%d due=%s reason=%s",
                failed.job().id(),
                failed.attempt(),
                error.code().wireName(),
                next.retries(),
                retries.most(),
                due,
                error.message());
        return Outcome.RETRIED;
    }

    private static void requireOwn(Throwable failure) {
        if (failure instanceof AbandonedException
                || failure instanceof PublicationException
                || failure instanceof DiskFullException
                || failure instanceof DeviceFailedException) {
            throw (RuntimeException) failure;
        }
    }

    /** What people and programs are told about a failure. */
    private static JobError error(Throwable failure) {
        String message = failure.getMessage();
        if (failure instanceof GenerationTooLargeException tooLarge) {
            return new JobError(ErrorCode.JOB_TOO_LARGE, message, tooLarge.field());
        }
        if (failure instanceof InvalidGenerationException invalid) {
            return new JobError(ErrorCode.INVALID_PARAMETER, message, invalid.field());
        }
        if (failure instanceof UnknownModelException) {
            return new JobError(ErrorCode.UNKNOWN_MODEL, message, "model");
        }
        if (failure instanceof NonFiniteOutputException) {
            return new JobError(ErrorCode.NON_FINITE_OUTPUT, message, null);
        }
        if (failure instanceof PromptEnhancementException) {
            return new JobError(ErrorCode.PROMPT_NOT_ENHANCED, message, "enhance_prompt_required");
        }
        if (failure instanceof StorageException) {
            return new JobError(ErrorCode.STORAGE_ERROR, message, null);
        }
        if (failure instanceof InsufficientMemoryException || failure instanceof OutOfMemoryException) {
            return new JobError(ErrorCode.OUT_OF_MEMORY, message, null);
        }
        if (failure instanceof OutOfMemoryError) {
            String advice =
                    "Java's heap is too small for this video: %s; ask for a smaller one, or start with a larger -Xmx"
                            .formatted(message);
            return new JobError(ErrorCode.OUT_OF_MEMORY, advice, null);
        }
        return new JobError(
                ErrorCode.INTERNAL_ERROR, "%s: %s".formatted(failure.getClass().getSimpleName(), message), null);
    }
}
