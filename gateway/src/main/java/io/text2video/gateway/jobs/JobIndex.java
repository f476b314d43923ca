package io.text2video.gateway.jobs;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.Tenant;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The jobs, by id and in order. Those that are deleted are remembered, so that nothing older brings them back, but not
 * found. One thread writes, any number read.
 */
final class JobIndex {
    private static final Logger LOG = Logger.getLogger(JobIndex.class);

    private final Duration kept;
    private final SnapshotPacking packing = new SnapshotPacking();
    private final Map<UUID, HeldJob> byId = new ConcurrentHashMap<>();
    private final NavigableSet<HeldJob> inOrder = new ConcurrentSkipListSet<>();
    private final Map<JobStatus, AtomicInteger> counts = Arrays.stream(JobStatus.values())
            .collect(Collectors.toUnmodifiableMap(status -> status, status -> new AtomicInteger()));

    /** Those that have not ended, by tenant; none where it has none. */
    private final Map<String, Integer> open = new ConcurrentHashMap<>();

    /** @param kept for how long after their end jobs are; 0 for ever */
    JobIndex(Duration kept) {
        this.kept = kept;
    }

    /** Whether such a state of the job would be news. */
    boolean lacks(JobId id, JobStatus status, AttemptId attempt) {
        return isNews(byId.get(id.value()), status, attempt);
    }

    private static boolean isNews(HeldJob known, JobStatus status, AttemptId attempt) {
        return known == null || known.state().isSupersededBy(status, attempt);
    }

    /** @return whether the job is shown otherwise than before, as with all that changes one */
    boolean put(JobSnapshot snapshot) {
        return put(JobHeader.of(snapshot), JsonCodec.write(snapshot));
    }

    /** @param snapshot as it was read; when it turns out to be none, the job is skipped whenever it is asked for */
    boolean put(JobHeader header, byte[] snapshot) {
        HeldJob known = byId.get(header.id().value());
        if (!isNews(known, header.status(), header.attempt())) {
            return false;
        }
        boolean wasShown = known != null && isShown(known.state());
        JobProgress heard = known == null || header.status() == JobStatus.COMPLETED
                ? null
                : known.state().heard();
        replace(known, header, HeldJob.State.of(header, packing.pack(snapshot), heard));
        return wasShown || header.status() != JobStatus.DELETED;
    }

    boolean put(JobId id, JobProgress progress) {
        HeldJob known = byId.get(id.value());
        if (known == null || !progress.supersedes(heard(known.state()))) {
            return false;
        }
        known.become(known.state().with(progress));
        return isShown(known.state());
    }

    boolean remove(JobId id) {
        HeldJob known = byId.remove(id.value());
        if (known == null) {
            return false;
        }
        inOrder.remove(known);
        count(known.state(), -1);
        return isShown(known.state());
    }

    Optional<Job> find(JobId id) {
        return Optional.ofNullable(byId.get(id.value()))
                .map(HeldJob::state)
                .filter(JobIndex::isShown)
                .flatMap(this::job);
    }

    /** Whether it is there, be it deleted since. */
    boolean isKnown(JobId id) {
        return byId.containsKey(id.value());
    }

    /** Whom it belongs to, be it deleted since; nothing where it is not there. */
    Optional<Tenant> owner(JobId id) {
        return Optional.ofNullable(byId.get(id.value()))
                .map(job -> new Tenant(job.state().tenant()));
    }

    /** Its status, deleted among them; nothing when it is not known. */
    Optional<JobStatus> status(JobId id) {
        return Optional.ofNullable(byId.get(id.value())).map(job -> job.state().status());
    }

    /** Whether its end is known, or that it was deleted after it. */
    boolean hasEnded(JobId id) {
        HeldJob known = byId.get(id.value());
        return known != null && known.state().status().isTerminal();
    }

    int count(JobStatus status) {
        return counts.get(status).get();
    }

    /** How many jobs of that tenant have not ended. */
    int countOpen(Tenant tenant) {
        return open.getOrDefault(tenant.name(), 0);
    }

    private void count(HeldJob.State state, int change) {
        counts.get(state.status()).addAndGet(change);
        if (!state.status().isTerminal()) {
            open.merge(state.tenant(), change, (before, more) -> before + more == 0 ? null : before + more);
        }
    }

    /** @param after the job before the page, or null for the first page */
    JobPage page(Job after, int limit, Order order, JobFilter filter) {
        NavigableSet<HeldJob> jobs =
                switch (order) {
                    case OLDEST_FIRST -> inOrder;
                    case NEWEST_FIRST -> inOrder.descendingSet();
                };
        NavigableSet<HeldJob> rest = after == null
                ? jobs
                : jobs.tailSet(new HeldJob(after.id(), after.snapshot().createdAt(), null), false);
        List<Job> page = jobs(rest.stream().filter(filter::mayHave).map(HeldJob::state))
                .filter(job -> filter.has(job.snapshot()))
                .limit(limit + 1L)
                .toList();
        return new JobPage(page.subList(0, Math.min(limit, page.size())), page.size() > limit);
    }

    /**
     * The first jobs that ended in that time, its end not included, deleted ones among them; the earliest end first. Looks at
     * every job.
     */
    List<JobSnapshot> endedBetween(Instant from, Instant to, int limit) {
        return ended(from, to, state -> true, limit);
    }

    /** The first jobs that ended before that time and were not deleted since; the earliest end first. Looks at every job. */
    List<JobSnapshot> keptBefore(Instant time, int limit) {
        return ended(Instant.EPOCH, time, JobIndex::isShown, limit);
    }

    /** The first deleted jobs that had ended before that time; the earliest end first. Looks at every job. */
    List<JobSnapshot> deletedBefore(Instant time, int limit) {
        return ended(Instant.EPOCH, time, state -> !isShown(state), limit);
    }

    /** The jobs that ended at that time or later and are not deleted. Looks at every job. */
    Stream<JobId> endedSince(Instant time) {
        long first = time.toEpochMilli();
        return byId.values().stream()
                .filter(job -> job.state().status().isTerminal()
                        && isShown(job.state())
                        && job.state().endedAt() >= first)
                .map(HeldJob::id);
    }

    private List<JobSnapshot> ended(Instant from, Instant to, Predicate<HeldJob.State> wanted, int limit) {
        long first = from.toEpochMilli();
        long end = to.toEpochMilli();
        return byId.values().stream()
                .map(HeldJob::state)
                .filter(state -> state.status().isTerminal())
                .filter(state -> state.endedAt() >= first && state.endedAt() < end)
                .filter(wanted)
                .sorted(Comparator.comparingLong(HeldJob.State::endedAt))
                .flatMap(state -> job(state).stream())
                .limit(limit)
                .map(Job::snapshot)
                .toList();
    }

    private static boolean isShown(HeldJob.State state) {
        return state.status() != JobStatus.DELETED;
    }

    private Stream<Job> jobs(Stream<HeldJob.State> states) {
        return states.filter(JobIndex::isShown).flatMap(state -> job(state).stream());
    }

    private Optional<Job> job(HeldJob.State state) {
        try {
            return Optional.of(new Job(packing.unpack(state.snapshot()), heard(state), expiry(state)));
        } catch (InvalidMessageException e) {
            LOG.warnf("job skipped, its state cannot be read status=%s reason=%s", state.status(), e.getMessage());
            return Optional.empty();
        }
    }

    private Instant expiry(HeldJob.State state) {
        return kept.isZero() || !state.status().isTerminal()
                ? null
                : Instant.ofEpochMilli(state.endedAt()).plus(kept);
    }

    private static JobProgress heard(HeldJob.State state) {
        return state.heard() == null ? JobProgress.NONE : state.heard();
    }

    /** A reader may see the job in its old place or in its new one, never in none. */
    private void replace(HeldJob known, JobHeader header, HeldJob.State state) {
        boolean moves = known == null || !known.isCreatedAt(header.createdAt());
        HeldJob job = moves ? new HeldJob(header.id(), header.createdAt(), state) : known;
        count(state, 1);
        if (known != null) {
            count(known.state(), -1);
        }
        job.become(state);
        if (moves) {
            byId.put(header.id().value(), job);
        }
        if (moves && state.status() != JobStatus.DELETED) {
            inOrder.add(job);
        }
        if (known != null && (moves || state.status() == JobStatus.DELETED)) {
            inOrder.remove(known);
        }
    }
}
