package io.text2video.worker.jobs;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.Claim;
import io.text2video.common.lifecycle.JobFolder;
import io.text2video.common.lifecycle.Lineage;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
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
    private final Assignments assignments;
    private final Forwarding forwarding;
    private final VideoArchive archive;
    private final JobEnds ends;
    private final MalformedRequests malformed;
    private final Clock clock;

    JobIntake(
            String worker,
            int maxAttempts,
            Assignments assignments,
            Forwarding forwarding,
            VideoArchive archive,
            JobEnds ends,
            MalformedRequests malformed,
            Clock clock) {
        this.worker = worker;
        this.maxAttempts = maxAttempts;
        this.assignments = assignments;
        this.forwarding = forwarding;
        this.archive = archive;
        this.ends = ends;
        this.malformed = malformed;
        this.clock = clock;
    }

    /**
     * Takes what the record asks for.
     *
     * @return an attempt, or how the record ended without one
     * @throws AbandonedException when this worker is not to go on
     * @throws PublicationException when the broker does not take what is to be told
     * @throws IOException when the store stays away
     */
    JobStage take(Handed handed) throws IOException {
        VideoRequest request;
        try {
            request = JsonCodec.read(handed.record().value(), VideoRequest.class);
        } catch (InvalidMessageException e) {
            return new JobStage.Ended(malformed.park(handed, e));
        }
        return RACE.insist(ClaimLostException.class, () -> take(request, handed), handed::pause);
    }

    private JobStage take(VideoRequest request, Handed handed) throws IOException {
        Lineage lineage = handed.lineage();
        int generation = lineage.generation();
        JobSnapshot job = JobSnapshot.queued(request, handed.delivery().recordTime(), generation);
        JobFolder folder = archive.look(job.id(), handed);
        Optional<JobSnapshot> end = folder.isEnded() ? archive.end(job.id(), handed) : Optional.empty();
        if (end.isPresent()) {
            return new JobStage.Ended(ends.repeat(handed, end.get()));
        }
        if (isDuplicate(folder, generation, handed)) {
            LOG.infof("request dropped, its job has another record job=%s record=%s", job.id(), handed);
            return new JobStage.Ended(Outcome.SUPERSEDED);
        }
        AttemptId next = folder.next(generation);
        int charged = lineage.attempts() + folder.charged(generation);
        if (charged >= maxAttempts) {
            return new JobStage.Ended(ends.giveUp(handed, request, job, next, charged));
        }
        if (assignments.find(request).isEmpty()) {
            return new JobStage.Ended(forward(request, handed, job, next));
        }
        var claim = new Claim(Claim.VERSION, worker, handed.toString(), clock.instant());
        if (!archive.claim(job.id(), next, claim, handed)) {
            throw new ClaimLostException(next, job.id());
        }
        return new JobStage.Claimed(new Attempt(request, handed, next, charged, archive), job);
    }

    private Outcome forward(VideoRequest request, Handed handed, JobSnapshot job, AttemptId next) throws IOException {
        try {
            return forwarding.forward(handed, request.model(), assignments.models());
        } catch (UnknownModelException e) {
            return ends.fail(handed, request, job, next, e);
        }
    }

    /** Whether the job was published again since, or this is another record of the same publication. */
    private boolean isDuplicate(JobFolder folder, int generation, Handed handed) throws IOException {
        Optional<AttemptId> newest = folder.newest();
        if (newest.isEmpty() || newest.get().generation() < generation) {
            return false;
        }
        return newest.get().generation() > generation
                || archive.claim(folder.id(), newest.get(), handed)
                        .filter(claim -> !claim.record().equals(handed.toString()))
                        .isPresent();
    }

    /** Another look shows what that means. */
    private static final class ClaimLostException extends IOException {
        private static final long serialVersionUID = 1;

        ClaimLostException(AttemptId attempt, JobId job) {
            super("attempt %s at job %s was claimed by another worker".formatted(attempt, job));
        }
    }
}
