package io.text2video.gateway.maintenance;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobSnapshot;
import io.text2video.gateway.commands.BrokerUnavailableException;
import io.text2video.gateway.commands.JobDeletion;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.RetentionConfig;
import io.text2video.gateway.storage.FirstAnswers;
import io.text2video.gateway.storage.StoreUnavailableException;
import io.text2video.gateway.storage.StoredBatches;
import io.text2video.gateway.storage.StoredEnds;
import io.text2video.kafka.ServiceThread;
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
 * those that ended a while ago, a few at a time. All are found in the view in the order of their ends. Then the answers to
 * requests with an {@code Idempotency-Key}, and batches, go that are old enough. All may be done twice: whatever stops a sweep, a later one
 * goes on. Only one gateway should be at it, for the sake of the work. Owns a thread, and what asks the broker.
 */
final class RetentionSweep extends ServiceThread {
    private static final Logger LOG = Logger.getLogger(RetentionSweep.class);
    /** Then it is not the jobs, but the store or the broker that is away. */
    private static final int MOST_FAILURES = 10;
    /** Whoever led before may have left that much to do. */
    private static final Duration LOOK_BACK = Duration.ofDays(1);
    /** Looking for old answers and batches reads the names of all. */
    private static final Duration ANSWERS_INTERVAL = Duration.ofMinutes(15);

    private final JobView view;
    private final BooleanSupplier leader;
    private final JobDeletion deletion;
    private final StoredEnds ends;
    private final FirstAnswers answers;
    private final StoredBatches batches;
    private final ExpiredRequests expired;
    private final RetentionConfig config;
    private final Clock clock;
    private final Counter deleted;
    private final Counter forgotten;
    private final Counter tidied;

    /** Folders of jobs that ended before that are tidy. */
    private Instant tidyUntil;

    private Instant answersDue = Instant.MIN;

    /** @param leader whether this gateway is the one to do it */
    RetentionSweep(
            JobView view,
            BooleanSupplier leader,
            JobDeletion deletion,
            StoredEnds ends,
            FirstAnswers answers,
            StoredBatches batches,
            ExpiredRequests expired,
            RetentionConfig config,
            Clock clock,
            MeterRegistry meters) {
        super("retention");
        this.view = view;
        this.leader = leader;
        this.deletion = deletion;
        this.ends = ends;
        this.answers = answers;
        this.batches = batches;
        this.expired = expired;
        this.config = requireSensible(config);
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

    @Override
    protected void doWork() throws InterruptedException {
        pause(config.interval());
        if (!isClosing()) {
            sweep();
        }
    }

    @Override
    protected void cleanUp() {
        expired.close();
    }

    /** One sweep. What fails is logged, and left to the next. */
    void sweep() {
        try {
            if (leader.getAsBoolean()) {
                view.upToDate().await().indefinitely();
                Instant now = clock.instant();
                List<JobSnapshot> marks = view.deletedBefore(now.minus(ExpiredRequests.MARGIN), config.batch());
                each(expired.among(marks), job -> deletion.forget(job.id()), forgotten);
                if (!config.age().isZero()) {
                    each(view.keptBefore(now.minus(config.age()), config.batch()), deletion::delete, deleted);
                }
                tidy(now.minus(config.tidyAfter()));
                forgetRequests(now);
            }
        } catch (IOException | RuntimeException e) {
            if (!isClosing()) {
                LOG.warnf("old jobs are left to a later time reason=%s", reason(e));
            }
        }
    }

    /** Each folder once, a deleted job's too: what the store does not remove now stays until the job is deleted or forgotten. */
    private void tidy(Instant until) {
        List<JobSnapshot> ended = view.endedBetween(tidyUntil, until, config.batch());
        each(ended, job -> ends.tidy(job.id()), tidied);
        tidyUntil = ended.size() < config.batch()
                ? until
                : ended.get(config.batch() - 1).endedAt().plusMillis(1);
    }

    private void forgetRequests(Instant now) throws IOException {
        if (now.isBefore(answersDue)) {
            return;
        }
        while (leader.getAsBoolean() && answers.forgetOld(now, config.batch()) == config.batch()) {
            LOG.debugf("old answers removed, and there may be more count=%d", config.batch());
        }
        // As long as their jobs at least.
        while (!config.age().isZero()
                && leader.getAsBoolean()
                && batches.forgetOld(now.minus(config.age()), config.batch()) == config.batch()) {
            LOG.debugf("old batches removed, and there may be more count=%d", config.batch());
        }
        answersDue = now.plus(ANSWERS_INTERVAL);
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

    private static RetentionConfig requireSensible(RetentionConfig config) {
        if (config.age().isNegative()
                || config.tidyAfter().isNegative()
                || config.interval().toMillis() < 1
                || config.batch() < 1) {
            throw new IllegalStateException(
                    "retention.age is %s, retention.tidy-after %s, retention.interval %s and retention.batch %d; the age must be"
                                    .formatted(config.age(), config.tidyAfter(), config.interval(), config.batch())
                            + " 0 (keep for ever) or more, the time to tidy 0 or more, the interval 1 ms at least and the batch"
                            + " 1 at least");
        }
        return config;
    }
}
