package io.text2video.worker.jobs;

import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.PromptTruncation;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.Messages;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.Truncation;
import io.text2video.worker.queue.Delivery;
import java.io.IOException;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Runs deliveries, and outlives every one of them. Whatever a job does, its end is published before its record is
 * accepted; a worker that dies in between leaves the record to the next, which finds the end in the archive or comes to
 * its own.
 *
 * <pre>
 *   record ─► in progress ─► drawn ─► stored ─► committed ─► published ─► accepted
 *     │            └─ any failure ────────────────────────►  published ─► accepted
 *     ├─ no request ─► parked ────────────────────────────────────────►  accepted
 *     ├─ another pool's model ─► forwarded ───────────────────────────►  accepted
 *        stopped, or not published ───────────────────────────────────►  released
 * </pre>
 */
public final class JobRunner {
    private static final Logger LOG = Logger.getLogger(JobRunner.class);

    private final String worker;
    private final int maxAttempts;
    private final Assignments assignments;
    private final Forwarding forwarding;
    private final VideoArchive archive;
    private final JobPublisher publisher;
    private final JobMetrics metrics;
    private final StopSignal stop;
    private final Clock clock = Clock.systemUTC();

    /**
     * @param worker this worker's id
     * @param maxAttempts a job that killed so many workers is given up
     * @param stop abandons the job that runs
     */
    public JobRunner(
            String worker,
            int maxAttempts,
            Assignments assignments,
            Forwarding forwarding,
            VideoArchive archive,
            JobPublisher publisher,
            JobMetrics metrics,
            StopSignal stop) {
        this.worker = worker;
        this.maxAttempts = maxAttempts;
        this.assignments = assignments;
        this.forwarding = forwarding;
        this.archive = archive;
        this.publisher = publisher;
        this.metrics = metrics;
        this.stop = stop;
    }

    /** Runs the job and ends its delivery. */
    public Outcome run(Delivery delivery) {
        return metrics.record(() -> {
            try {
                Outcome outcome = handle(delivery);
                delivery.accept();
                return outcome;
            } catch (AbandonedException | PublicationException e) {
                boolean lost = delivery.isLost();
                delivery.release();
                LOG.warnf(
                        "job left to another worker offset=%d attempt=%d lost=%b reason=%s",
                        delivery.record().offset(), delivery.attempt(), lost, e.getMessage());
                return lost ? Outcome.LOST : Outcome.RELEASED;
            }
        });
    }

    private Outcome handle(Delivery delivery) {
        VideoRequest request;
        try {
            request = Messages.read(delivery.record().value(), VideoRequest.class);
        } catch (InvalidMessageException e) {
            return new MalformedRequests(publisher, worker, clock).park(delivery, e);
        }
        return run(new Attempt(request, delivery, stop));
    }

    private Outcome run(Attempt attempt) {
        JobSnapshot job = JobSnapshot.queued(attempt.request(), attempt.recordTime());
        try {
            Optional<JobSnapshot> earlier = archive.result(attempt);
            if (earlier.isPresent()) {
                return repeat(attempt, earlier.get());
            }
            if (attempt.number() > maxAttempts) {
                return giveUp(attempt, job);
            }
            Optional<Assignment> assignment = assignments.prepare(attempt);
            if (assignment.isEmpty()) {
                return forwarding.forward(attempt, assignments.models());
            }
            job = start(attempt, job, assignment.get());
            return complete(attempt, new Rendering(archive, publisher, clock).render(attempt, job, assignment.get()));
        } catch (AbandonedException | PublicationException e) {
            throw e;
        } catch (Throwable e) {
            // Also an OutOfMemoryError or a native library's: the next job may well be fine.
            return fail(attempt, job, e);
        }
    }

    private JobSnapshot start(Attempt attempt, JobSnapshot job, Assignment assignment) {
        GenerationParameters parameters = assignment.parameters();
        Truncation cut = assignment.pipeline().truncation(parameters.prompt());
        JobSnapshot started = job.started(
                attempt.number(),
                worker,
                assignment.model(),
                ModelRequest.published(parameters),
                cut.tokens() == 0 ? null : new PromptTruncation(cut.tokens(), cut.text()),
                clock.instant());
        publisher.started(started);
        LOG.infof("job started %s worker=%s model=%s", attempt, worker, assignment.model());
        return started;
    }

    private Outcome complete(Attempt attempt, JobSnapshot drawn) throws IOException {
        JobSnapshot completed = archive.complete(attempt, drawn);
        if (completed.equals(drawn)) {
            publisher.ended(drawn);
            metrics.stages(drawn.timings());
            LOG.infof(
                    "job completed %s worker=%s key=%s reused_steps=%d",
                    attempt, worker, drawn.video().key(), Objects.requireNonNullElse(drawn.reusedSteps(), 0));
            return Outcome.COMPLETED;
        }
        if (!completed.video().key().equals(drawn.video().key())) {
            archive.discard(attempt);
        }
        return repeat(attempt, completed);
    }

    /** Whoever completed the job may have died before it could say so. */
    private Outcome repeat(Attempt attempt, JobSnapshot completed) {
        if (attempt.delivery().isLost()) {
            throw new AbandonedException("another attempt has completed the job");
        }
        publisher.ended(completed);
        LOG.infof("job was completed before %s completed_by=%d", attempt, completed.attempt());
        return Outcome.REPEATED;
    }

    private Outcome giveUp(Attempt attempt, JobSnapshot job) {
        String reason = "given up after %d attempts, of which none came to an end".formatted(maxAttempts);
        publisher.parked(attempt.delivery().record(), reason);
        return publishFailure(attempt, job, JobErrors.internal(reason));
    }

    private Outcome fail(Attempt attempt, JobSnapshot job, Throwable failure) {
        attempt.checkpoint();
        JobError error = JobErrors.of(failure);
        if (error.code() == ErrorCode.INTERNAL_ERROR) {
            LOG.errorf(failure, "job broke %s worker=%s", attempt, worker);
        }
        return publishFailure(attempt, job, error);
    }

    private Outcome publishFailure(Attempt attempt, JobSnapshot job, JobError error) {
        publisher.ended(job.failed(attempt.number(), worker, error, clock.instant()));
        LOG.warnf(
                "job failed %s worker=%s code=%s reason=%s",
                attempt, worker, error.code().wireName(), error.message());
        return Outcome.FAILED;
    }
}
