package io.text2video.worker.jobs;

import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.PromptTruncation;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.Messages;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.Truncation;
import io.text2video.worker.queue.Delivery;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Runs deliveries, and outlives every one of them. Whatever a job does, its end is published before its record is
 * accepted; a worker that dies in between leaves the record to the next, which finds the end in the archive or comes to
 * its own.
 *
 * <pre>
 *   record ─► prepared ─► in progress ─► drawn ─► stored ─► committed ─► published ─► accepted
 *     │            └───────────┴─ any failure ─────────────────────────► published ─► accepted
 *     ├─ no request ─► parked ─────────────────────────────────────────────────────►  accepted
 *     ├─ another pool's model ─► forwarded ────────────────────────────────────────►  accepted
 *        stopped, or not published ────────────────────────────────────────────────►  released
 * </pre>
 *
 * <p>One job may be prepared and another finished while a third is drawn, each on a thread of its own; of either kind there
 * is one at a time.
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
    private final Rendering rendering;
    private final JobEnds ends;
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
        rendering = new Rendering(archive, publisher, clock);
        ends = new JobEnds(worker, archive, publisher, metrics, clock);
    }

    /** Runs the job and ends its delivery. */
    Outcome run(Delivery delivery) {
        Stage stage = prepare(delivery);
        if (stage instanceof Stage.Prepared prepared) {
            stage = draw(prepared, () -> {});
        }
        if (stage instanceof Stage.Drawn drawn) {
            stage = finish(drawn);
        }
        return ((Stage.Ended) stage).outcome();
    }

    /** Reads and checks the request, and fetches what it needs from the store. Nobody is told of a job that goes on. */
    Stage prepare(Delivery delivery) {
        metrics.taken();
        return guard(delivery, () -> read(delivery));
    }

    /** Encodes the prompt ahead, where its model is loaded. */
    Stage encodeText(Stage.Prepared prepared) {
        Attempt attempt = prepared.attempt();
        return guard(attempt.delivery(), () -> {
            try {
                return new Stage.Prepared(attempt, prepared.job(), assignments.encodeText(prepared.plan()));
            } catch (Throwable e) {
                return new Stage.Ended(ends.fail(attempt, prepared.job(), e));
            }
        });
    }

    /**
     * Draws the video.
     *
     * @param nearEnd run at most once, on the calling thread, when the generation is about to end
     */
    Stage draw(Stage.Prepared prepared, Runnable nearEnd) {
        Attempt attempt = prepared.attempt();
        return guard(attempt.delivery(), () -> {
            JobSnapshot job = prepared.job();
            try {
                attempt.checkpoint();
                Assignment assignment = assignments.assign(attempt, prepared.plan());
                job = start(attempt, job, assignment);
                return rendering.draw(attempt, job, assignment, prepared.plan().textEncoding(), nearEnd);
            } catch (Throwable e) {
                // Also an OutOfMemoryError or a native library's: the next job may well be fine.
                return new Stage.Ended(ends.fail(attempt, job, e));
            }
        });
    }

    /** Stores the video, commits and publishes it, and ends the delivery. */
    Stage finish(Stage.Drawn drawn) {
        Attempt attempt = drawn.attempt();
        return guard(attempt.delivery(), () -> {
            try {
                return new Stage.Ended(ends.complete(attempt, rendering.store(drawn)));
            } catch (Throwable e) {
                return new Stage.Ended(ends.fail(attempt, drawn.job(), e));
            }
        });
    }

    /** Gives a job back that was not begun. */
    void release(Stage.Prepared prepared) {
        guard(prepared.attempt().delivery(), () -> {
            throw new AbandonedException("the worker stops before it began");
        });
    }

    /** Ends the delivery where its stage is the last. */
    private Stage guard(Delivery delivery, Supplier<Stage> work) {
        try {
            Stage stage = work.get();
            if (stage instanceof Stage.Ended ended) {
                delivery.accept();
                metrics.ended(ended.outcome());
            }
            return stage;
        } catch (AbandonedException | PublicationException e) {
            boolean lost = delivery.isLost();
            delivery.release();
            LOG.warnf(
                    "job left to another worker offset=%d attempt=%d lost=%b reason=%s",
                    delivery.record().offset(), delivery.attempt(), lost, e.getMessage());
            return new Stage.Ended(metrics.ended(lost ? Outcome.LOST : Outcome.RELEASED));
        }
    }

    private Stage read(Delivery delivery) {
        VideoRequest request;
        try {
            request = Messages.read(delivery.record().value(), VideoRequest.class);
        } catch (InvalidMessageException e) {
            return new Stage.Ended(new MalformedRequests(publisher, worker, clock).park(delivery, e));
        }
        return plan(new Attempt(request, delivery, stop));
    }

    private Stage plan(Attempt attempt) {
        JobSnapshot job = JobSnapshot.queued(attempt.request(), attempt.recordTime());
        try {
            Optional<JobSnapshot> earlier = archive.result(attempt);
            if (earlier.isPresent()) {
                return new Stage.Ended(ends.repeat(attempt, earlier.get()));
            }
            if (attempt.number() > maxAttempts) {
                return new Stage.Ended(ends.giveUp(attempt, job, maxAttempts));
            }
            Optional<Plan> plan = assignments.plan(attempt);
            return plan.isPresent()
                    ? new Stage.Prepared(attempt, job, plan.get())
                    : new Stage.Ended(forwarding.forward(attempt, assignments.models()));
        } catch (Throwable e) {
            return new Stage.Ended(ends.fail(attempt, job, e));
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
}
