package io.text2video.worker.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.Claim;
import io.text2video.common.lifecycle.JobFolder;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.kafka.PublicationException;
import io.text2video.trace.JobContext;
import io.text2video.worker.control.CancelledJobs;
import io.text2video.worker.queue.Delivery;
import io.text2video.worker.shelf.ServedModel;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * From a record to an attempt. What has become of the job so far is seen in its folder: whether it has ended, whether the
 * record is its only one, how many attempts came to nothing.
 */
final class JobIntake {
    private static final Logger LOG = Logger.getLogger(JobIntake.class);

    /** A claim that was lost to another worker shows in the folder at once; a store that hides it for longer is broken. */
    private static final Backoff RACE = new Backoff(Duration.ofSeconds(30), Duration.ofMillis(100));

    private final String worker;
    private final int maxAttempts;
    private final int maxInterruptions;
    private final JobPlanner planner;
    private final Forwarding forwarding;
    private final VideoArchive archive;
    private final JobPublisher publisher;
    private final JobMetrics metrics;
    private final JobEnds ends;
    private final JobFailures failures;
    private final StopSignal stop;
    private final CancelledJobs cancelled;
    private final Clock clock;

    /**
     * @param maxAttempts a job with so many attempts that came to nothing is given up
     * @param maxInterruptions so is one with so many that did not end in good order, though they made progress
     */
    JobIntake(
            String worker,
            int maxAttempts,
            int maxInterruptions,
            JobPlanner planner,
            Forwarding forwarding,
            VideoArchive archive,
            JobPublisher publisher,
            JobMetrics metrics,
            JobEnds ends,
            JobFailures failures,
            StopSignal stop,
            CancelledJobs cancelled,
            Clock clock) {
        this.worker = worker;
        this.maxAttempts = maxAttempts;
        this.maxInterruptions = maxInterruptions;
        this.planner = planner;
        this.forwarding = forwarding;
        this.archive = archive;
        this.publisher = publisher;
        this.metrics = metrics;
        this.ends = ends;
        this.failures = failures;
        this.stop = stop;
        this.cancelled = cancelled;
        this.clock = clock;
    }

    /**
     * Takes what the record asks for.
     *
     * @param trace learns what it is
     * @return an attempt, or how the record ended without one
     * @throws AbandonedException when this worker is not to go on
     * @throws PublicationException when the broker does not take what is to be published
     * @throws IOException when the store stays away
     */
    JobStage take(Delivery delivery, JobTrace trace) throws IOException {
        Backoff.Pause pause = time -> pause(delivery, time);
        VideoRequest request;
        try {
            request = JsonCodec.read(delivery.record().value(), VideoRequest.class);
        } catch (InvalidMessageException e) {
            return new JobStage.Ended(deadLetter(delivery, e, pause));
        }
        trace.identified(request.id());
        try (JobContext log = trace.open()) {
            return RACE.retry(ClaimLostException.class, () -> take(request, delivery, trace, pause), pause);
        }
    }

    private JobStage take(VideoRequest request, Delivery delivery, JobTrace trace, Backoff.Pause pause)
            throws IOException {
        Lineage lineage = Lineage.of(delivery.record().headers());
        int generation = lineage.generation();
        JobSnapshot job = JobSnapshot.queued(request, delivery.recordTime(), generation);
        JobFolder folder = archive.look(job.id(), pause);
        Optional<JobSnapshot> end = folder.isEnded() ? archive.end(job.id(), pause) : Optional.empty();
        if (end.isPresent()) {
            return new JobStage.Ended(ends.repeat(end.get(), pause));
        }
        if (isDuplicate(folder, generation, delivery, pause)) {
            LOG.infof("request dropped, its job has another record job=%s record=%s", job.id(), delivery.place());
            return new JobStage.Ended(Outcome.SUPERSEDED);
        }
        AttemptId next = folder.next(generation);
        int charged = lineage.attempts() + folder.charged(generation);
        int interrupted = folder.interrupted();
        if (charged >= maxAttempts || interrupted >= maxInterruptions) {
            var failed = new JobFailures.FailedJob(delivery, request, job, next, charged, pause);
            return new JobStage.Ended(failures.giveUp(failed, Math.max(charged, interrupted)));
        }
        Optional<ServedModel> model = planner.find(request);
        if (model.isEmpty()) {
            return new JobStage.Ended(forward(delivery, request, job, next, pause));
        }
        var claim = new Claim(Claim.VERSION, worker, delivery.place(), clock.instant());
        if (!archive.claim(job.id(), next, claim, pause)) {
            throw new ClaimLostException(next, job.id());
        }
        trace.claimed(next, model.get().id());
        boolean suspect = charged > 0 || interrupted > 0;
        return new JobStage.Claimed(
                new Attempt(request, delivery, next, charged, suspect, archive, stop, cancelled, trace), job);
    }

    private Outcome forward(
            Delivery delivery, VideoRequest request, JobSnapshot job, AttemptId next, Backoff.Pause pause)
            throws IOException {
        try {
            return forwarding.forward(delivery, request.model(), planner.models(), pause);
        } catch (UnknownModelException e) {
            int charged = Lineage.of(delivery.record().headers()).attempts();
            return failures.fail(new JobFailures.FailedJob(delivery, request, job, next, charged, pause), e);
        }
    }

    /** Whether the job was published again since, or this is another record of the same publication. */
    private boolean isDuplicate(JobFolder folder, int generation, Delivery delivery, Backoff.Pause pause)
            throws IOException {
        Optional<AttemptId> newest = folder.newest();
        if (newest.isEmpty() || newest.get().generation() < generation) {
            return false;
        }
        return newest.get().generation() > generation
                || archive.claim(folder.id(), newest.get(), pause)
                        .filter(claim -> !claim.record().equals(delivery.place()))
                        .isPresent();
    }

    /**
     * The record is no request. Where it can be told which job was meant, and its folder is empty, a gateway is asked to fail
     * it: a job that waits in another queue has an empty folder too, and only a gateway reads all queues.
     */
    private Outcome deadLetter(Delivery delivery, InvalidMessageException reason, Backoff.Pause pause)
            throws IOException {
        publisher.deadLetter(delivery.record(), reason.getMessage(), 1);
        metrics.deadLettered(JobMetrics.DeadLettering.MALFORMED);
        Optional<JobId> id = id(delivery.record());
        if (id.isPresent() && archive.look(id.get(), pause).keys().isEmpty()) {
            var error = new JobError(
                    ErrorCode.INVALID_PARAMETER,
                    reason.getMessage(),
                    reason.field().isEmpty() ? null : reason.field());
            publisher.refused(id.get(), error, delivery.recordTime());
        }
        LOG.warnf(
                "malformed request dead-lettered job=%s record=%s reason=%s",
                id.map(JobId::toString).orElse("unknown"), delivery.place(), reason.getMessage());
        return Outcome.DEAD_LETTERED;
    }

    /** The id in the message, else the one that is the record's key. */
    private static Optional<JobId> id(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.ofNullable(
                    JsonCodec.read(record.value(), Identified.class).id());
        } catch (InvalidMessageException e) {
            return key(record);
        }
    }

    private static Optional<JobId> key(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.key() == null ? Optional.empty() : Optional.of(JobId.parse(new String(record.key(), UTF_8)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Waits before something is tried again, for a job that is not begun. */
    private void pause(Delivery delivery, Duration time) {
        stop.await(time);
        stop.requireNotSent();
        AbandonedException.requireHeld(delivery);
    }

    private record Identified(JobId id) {}

    /** Another look shows what that means. */
    private static final class ClaimLostException extends IOException {
        private static final long serialVersionUID = 1;

        ClaimLostException(AttemptId attempt, JobId job) {
            super("attempt %s at job %s was claimed by another worker".formatted(attempt, job));
        }
    }
}
