package io.text2video.worker.jobs;

import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.PromptTruncation;
import io.text2video.trace.JobContext;
import io.text2video.worker.control.CancelledJobs;
import io.text2video.worker.kernels.DeviceFailedException;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.Truncation;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.queue.Delivery;
import java.io.IOException;
import java.time.Clock;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Runs deliveries, and outlives every one of them. Whatever a job does, its end is committed and published before its
 * record is accepted; a worker that dies in between leaves the record to the next, which finds the end in the archive or
 * comes to its own.
 *
 * <pre>
 *   record ─► claimed ─► prepared ─► in progress ─► drawn ─► stored ─► committed ─► published ─► accepted
 *     │           └──────────┴─────────────┴─ failure, cancel ──────► committed ─► published ─► accepted
 *     │                                    └─ what may pass ─────► queued ─► on video.retry ─► accepted
 *     ├─ ended before ───────────────────────────────────────────────────────────► published ─► accepted
 *     ├─ no request ─► dead-lettered, another pool's model ─► forwarded, a duplicate ──────────►  accepted
 *        stopped, the device failed ──────────────────────────────────────────────────────────►  released
 * </pre>
 *
 * <p>One job may be prepared and another finished while a third is drawn, each on a thread of its own; of either kind there
 * is one at a time.
 */
public final class JobRunner {
    private static final Logger LOG = Logger.getLogger(JobRunner.class);

    private final String worker;
    private final JobPlanner planner;
    private final VideoArchive archive;
    private final JobPublisher publisher;
    private final JobMetrics metrics;
    private final Heartbeat heartbeat;
    private final Rendering rendering;
    private final JobEnds ends;
    private final JobFailures failures;
    private final JobIntake intake;
    private final Clock clock = Clock.systemUTC();

    /** Null while none is drawn. */
    private volatile Drawing drawing;

    /** An attempt and the thread that draws it. */
    private record Drawing(Attempt attempt, Thread thread) {}

    /**
     * @param worker this worker's id
     * @param maxAttempts a job with so many attempts that came to nothing is given up
     * @param maxInterruptions so is one with so many that did not end in good order, though they made progress
     * @param backoff for a broker that does not take a job's end
     * @param previews of jobs that are drawn; stay their caller's, as do the checkpoints
     * @param embedRecipe whether files tell how they were drawn, of jobs that do not say
     * @param stop abandons the job that runs
     * @param cancelled jobs that are ended when they are met, also in their middle
     * @param retries after failures that may pass
     * @param heartbeat hears of every attempt; stays its caller's
     */
    public JobRunner(
            String worker,
            int maxAttempts,
            int maxInterruptions,
            JobPlanner planner,
            Forwarding forwarding,
            VideoArchive archive,
            JobPublisher publisher,
            Backoff backoff,
            JobCheckpoints checkpoints,
            JobPreviews previews,
            boolean embedRecipe,
            JobMetrics metrics,
            StopSignal stop,
            CancelledJobs cancelled,
            Retries retries,
            Heartbeat heartbeat) {
        this.worker = worker;
        this.planner = planner;
        this.archive = archive;
        this.publisher = publisher;
        this.metrics = metrics;
        this.heartbeat = heartbeat;
        rendering = new Rendering(archive, publisher, checkpoints, previews, embedRecipe, metrics, clock);
        ends = new JobEnds(worker, archive, publisher, backoff, metrics, clock);
        failures = new JobFailures(worker, retries, ends, publisher, metrics, archive, clock);
        intake = new JobIntake(
                worker,
                maxAttempts,
                maxInterruptions,
                planner,
                forwarding,
                archive,
                publisher,
                metrics,
                ends,
                failures,
                stop,
                cancelled,
                clock);
    }

    /** Runs the job and ends its delivery. */
    Outcome run(Delivery delivery) {
        JobStage stage = prepare(delivery);
        if (stage instanceof JobStage.Prepared prepared) {
            stage = draw(prepared, () -> {});
        }
        if (stage instanceof JobStage.Drawn drawn) {
            stage = finish(drawn);
        }
        return ((JobStage.Ended) stage).outcome();
    }

    /**
     * Reads and checks the request, claims an attempt, and fetches and decodes what it needs from the store. Nobody is told of a
     * job that goes on.
     */
    JobStage prepare(Delivery delivery) {
        metrics.taken();
        JobTrace trace = JobTrace.begin(delivery.record(), worker);
        JobStage taken = guard(delivery, trace, () -> intake.take(delivery, trace), failure -> {});
        return taken instanceof JobStage.Claimed claimed ? plan(claimed.attempt(), claimed.job()) : taken;
    }

    private JobStage plan(Attempt attempt, JobSnapshot job) {
        return guard(attempt, () -> {
            try {
                heartbeat.begin(attempt, job);
                return new JobStage.Prepared(attempt, job, planner.plan(attempt));
            } catch (Throwable e) {
                return new JobStage.Ended(failures.fail(attempt, job, e));
            }
        });
    }

    /**
     * Encodes the prompt ahead, where its model is loaded. What fails here is left to the generation, which has the memory
     * for itself.
     */
    JobStage.Prepared encodeText(JobStage.Prepared prepared) {
        JobTrace trace = prepared.attempt().trace();
        try (JobContext log = trace.open()) {
            JobPlanner.Plan plan = planner.encodeText(prepared.attempt(), prepared.plan());
            trace.stage("encode text", clock.instant(), plan.textEncoding());
            return new JobStage.Prepared(prepared.attempt(), prepared.job(), plan);
        } catch (AbandonedException e) {
            // Whoever draws it sees that too, and ends it.
            return prepared;
        } catch (Throwable e) {
            LOG.warnf("prompt not encoded ahead %s cause=%s", prepared.attempt(), e);
            return prepared;
        }
    }

    /**
     * Draws the video.
     *
     * @param nearEnd run at most once, on the calling thread, when the generation is about to end
     */
    JobStage draw(JobStage.Prepared prepared, Runnable nearEnd) {
        Attempt attempt = prepared.attempt();
        return guard(attempt, () -> {
            JobSnapshot job = prepared.job();
            drawing = new Drawing(attempt, Thread.currentThread());
            try {
                attempt.requireHeld();
                attempt.checkpoint();
                VideoPipeline pipeline =
                        attempt.trace().stage("load model", () -> planner.load(attempt, prepared.plan()));
                job = start(attempt, job, prepared.plan(), pipeline);
                JobStage.Drawn drawn = rendering.draw(attempt, job, prepared.plan(), pipeline, nearEnd);
                // Before it is stored: the next job, which may begin now, is reckoned by it.
                planner.measured(drawn);
                return drawn;
            } catch (Throwable e) {
                // Also an OutOfMemoryError or a native library's: the next job may well be fine.
                return new JobStage.Ended(failures.fail(attempt, job, e));
            } finally {
                drawing = null;
            }
        });
    }

    /**
     * What a thread does hangs, and this process is about to end. An attempt that it draws is held against its job, progress or
     * not: else the job would come to its end in none of a hundred attempts, and hang a worker in each.
     */
    public void hung(Thread thread) {
        Drawing current = drawing;
        if (current != null && current.thread() == thread) {
            archive.charge(current.attempt().id(), current.attempt().number());
        }
    }

    /** Stores the video, commits and publishes it, and ends the delivery. */
    JobStage finish(JobStage.Drawn drawn) {
        Attempt attempt = drawn.attempt();
        return guard(attempt, () -> {
            try {
                Outcome outcome = ends.complete(attempt, rendering.store(drawn));
                drawn.checkpoints().drop();
                planner.tellNews(drawn);
                return new JobStage.Ended(outcome);
            } catch (Throwable e) {
                drawn.checkpoints().leave();
                return new JobStage.Ended(failures.fail(attempt, drawn.job(), e));
            }
        });
    }

    /** Gives a job back that was not begun. */
    void release(JobStage.Prepared prepared) {
        guard(prepared.attempt(), () -> {
            throw new AbandonedException("the worker stops before it began");
        });
    }

    private JobStage guard(Attempt attempt, Work work) {
        JobStage stage = guard(attempt.delivery(), attempt.trace(), work, failure -> {
            // A job that breaks the device of every worker is given up in the end, as one that kills them is.
            if (!(failure instanceof DeviceFailedException)) {
                archive.release(attempt.id(), attempt.number());
            }
        });
        if (stage instanceof JobStage.Ended) {
            heartbeat.end(attempt);
        }
        return stage;
    }

    /** Ends the delivery where its stage is the last, and gives it back where there is no going on. */
    private JobStage guard(Delivery delivery, JobTrace trace, Work work, Consumer<Throwable> release) {
        try (JobContext log = trace.open()) {
            return guard(delivery, work, release, outcome -> {
                trace.end(outcome);
                metrics.ended(outcome);
            });
        }
    }

    private static JobStage guard(Delivery delivery, Work work, Consumer<Throwable> release, Consumer<Outcome> told) {
        try {
            JobStage stage = work.run();
            if (stage instanceof JobStage.Ended ended) {
                delivery.accept();
                told.accept(ended.outcome());
            }
            return stage;
        } catch (IOException | RuntimeException | Error e) {
            // An error too: a record that is neither accepted nor released would be locked for as long as this lives.
            boolean lost = delivery.isLost();
            try {
                release.accept(e);
            } finally {
                delivery.release();
            }
            LOG.warnf("job left to another worker record=%s lost=%b reason=%s", delivery.place(), lost, e.getMessage());
            LOG.debug("job left to another worker", e);
            Outcome outcome = lost ? Outcome.LOST : Outcome.RELEASED;
            told.accept(outcome);
            return new JobStage.Ended(outcome);
        }
    }

    private JobSnapshot start(Attempt attempt, JobSnapshot job, JobPlanner.Plan plan, VideoPipeline pipeline) {
        GenerationParameters parameters = plan.parameters();
        Truncation cut = pipeline.truncation(parameters.prompt());
        JobSnapshot drawn = parameters.prompt().equals(job.prompt()) ? job : job.enhanced(parameters.prompt());
        JobSnapshot started = drawn.started(
                attempt.number(),
                worker,
                plan.model().id(),
                ModelRequest.published(parameters.withNumFrames(plan.drawn().frames()), job.parameters()),
                cut.tokens() == 0 ? null : new PromptTruncation(cut.tokens(), cut.text()),
                planner.estimate(plan),
                clock.instant());
        publisher.started(started);
        LOG.infof(
                "job started %s worker=%s model=%s",
                attempt, worker, plan.model().id());
        return started;
    }

    @FunctionalInterface
    private interface Work {
        JobStage run() throws IOException;
    }
}
