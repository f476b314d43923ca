package io.text2video.gateway.maintenance;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobSnapshot;
import io.text2video.gateway.commands.BrokerUnavailableException;
import io.text2video.gateway.commands.JobDeletion;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.storage.StoreUnavailableException;
import io.text2video.gateway.storage.StoredEnds;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Forgets the deleted jobs that no request can bring back, deletes those that ended longest ago, and tidies the folders of
 * those that ended a while ago, a few at a time. All are found in the view in the order of their ends, and all may be done
 * twice: whatever stops a sweep, a later one goes on. Only one gateway should be at it, for the sake of the work. One thread
 * sweeps.
 */
final class RetentionSweep {
    private static final Logger LOG = Logger.getLogger(RetentionSweep.class);
    /** Then it is not the jobs, but the store or the broker that is away. */
    private static final int MOST_FAILURES = 10;
    /** Whoever led before may have left that much to do. */
    private static final Duration LOOK_BACK = Duration.ofDays(1);

    private final JobView view;
    private final BooleanSupplier leader;
    private final JobDeletion deletion;
    private final StoredEnds ends;
    private final ExpiredRequests expired;
    private final Duration age;
    private final int batch;
    private final Clock clock;
    private final Duration tidyAfter;
    private final Counter deleted;
    private final Counter forgotten;
    private final Counter tidied;

    /** Folders of jobs that ended before that are tidy. */
    private Instant tidyUntil;

    /**
     * @param leader whether this gateway is the one to do it
     * @param age how long after their end jobs are kept; 0 for ever
     * @param tidyAfter how long after their end folders are tidied once more
     * @param batch how many jobs at most one sweep deletes, forgets, and tidies
     */
    RetentionSweep(
            JobView view,
            BooleanSupplier leader,
            JobDeletion deletion,
            StoredEnds ends,
            ExpiredRequests expired,
            Duration age,
            Duration tidyAfter,
            int batch,
            Clock clock,
            MeterRegistry meters) {
        this.view = view;
        this.leader = leader;
        this.deletion = deletion;
        this.ends = ends;
        this.expired = expired;
        this.age = age;
        this.tidyAfter = tidyAfter;
        this.batch = batch;
        this.clock = clock;
        deleted = Counter.builder("text2video.retention.deleted")
                .description("Jobs that this gateway has deleted for their age")
                .register(meters);
        forgotten = Counter.builder("text2video.retention.forgotten")
                .description("Deleted jobs of which this gateway has removed the last trace")
                .register(meters);
        tidied = Counter.builder("text2video.retention.tidied")
                .description("Ended jobs whose folders this gateway has looked into once more")
                .register(meters);
        tidyUntil = clock.instant().minus(LOOK_BACK);
    }

    /** One sweep. What fails is logged, and left to the next. */
    void sweep() {
        try {
            if (leader.getAsBoolean()) {
                view.upToDate().await().indefinitely();
                Instant now = clock.instant();
                List<JobSnapshot> marks = view.deletedBefore(now.minus(ExpiredRequests.MARGIN), batch);
                each(expired.among(marks), job -> deletion.forget(job.id()), forgotten);
                if (!age.isZero()) {
                    each(view.keptBefore(now.minus(age), batch), deletion::delete, deleted);
                }
                tidy(now.minus(tidyAfter));
            }
        } catch (IOException | RuntimeException e) {
            LOG.warnf("old jobs are left to a later time reason=%s", reason(e));
        }
    }

    /** Each folder once, a deleted job's too: what the store does not remove now stays until the job is deleted or forgotten. */
    private void tidy(Instant until) {
        List<JobSnapshot> ended = view.endedBetween(tidyUntil, until, batch);
        each(ended, job -> ends.tidy(job.id()), tidied);
        tidyUntil =
                ended.size() < batch ? until : ended.get(batch - 1).endedAt().plusMillis(1);
    }

    private void each(List<JobSnapshot> jobs, Function<JobSnapshot, Uni<Void>> step, Counter done) {
        int failures = 0;
        for (JobSnapshot job : jobs) {
            if (!leader.getAsBoolean()) {
                return;
            }
            try {
                step.apply(job).await().indefinitely();
                done.increment();
            } catch (StoreUnavailableException | BrokerUnavailableException e) {
                failures++;
                if (failures == MOST_FAILURES) {
                    throw e;
                }
                LOG.warnf("old job left as it is job=%s reason=%s", job.id(), reason(e));
            }
        }
    }

    private static String reason(Exception failure) {
        return failure.getCause() == null
                ? failure.getMessage()
                : failure.getMessage() + ": " + failure.getCause().getMessage();
    }
}
