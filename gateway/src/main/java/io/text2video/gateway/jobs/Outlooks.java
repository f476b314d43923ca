package io.text2video.gateway.jobs;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.toMap;

import io.text2video.common.job.JobId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/**
 * When queued jobs are expected to begin. The workers of a pool take its jobs in the order of its topic, and then about in that
 * of the backlog, each the next one as soon as it is free. As long as a job waits no worker is idle, so its workers are those of the jobs in progress, of which
 * each may have one that it stores beside one that it draws. With none in progress nobody knows when one comes. All jobs are
 * reckoned at once, and kept for as long that a long queue does not take all of a processor. Thread-safe.
 */
final class Outlooks {
    /** About how many are reckoned in a millisecond; what was reckoned is kept for ten times as long. */
    private static final int JOBS_A_MILLISECOND = 1000;

    private static final int KEPT = 10;

    private final OpenJobs open;
    private final ModelCatalog models;
    private final Clock clock;
    private volatile Reckoned last = new Reckoned(Instant.MIN, Map.of());

    private record Reckoned(Instant until, Map<JobId, Outlook> outlooks) {}

    /** One pool's jobs, and the order in which its workers take those that wait. */
    private record Pool(List<OpenJob> running, List<OpenJob> waiting) {}

    Outlooks(OpenJobs open, ModelCatalog models, Clock clock) {
        this.open = open;
        this.models = models;
        this.clock = clock;
    }

    /** Of a queued job. One that waits for a retry has no place in the queue. */
    Outlook of(JobId id) {
        Optional<OpenJob> job = open.find(id);
        if (job.isEmpty()) {
            return Outlook.NONE;
        }
        if (!job.get().isWaiting()) {
            return new Outlook(null, null, seconds(job.get()).orElse(null));
        }
        Reckoned reckoned = last;
        if (!clock.instant().isBefore(reckoned.until()) || !reckoned.outlooks().containsKey(id)) {
            reckoned = reckon();
            last = reckoned;
        }
        return reckoned.outlooks().getOrDefault(id, Outlook.NONE);
    }

    private Reckoned reckon() {
        Instant now = clock.instant();
        Map<JobId, Outlook> outlooks = new HashMap<>();
        pools().values().forEach(pool -> reckon(pool, now, outlooks));
        return new Reckoned(now.plusMillis(KEPT * outlooks.size() / JOBS_A_MILLISECOND), outlooks);
    }

    /** How the pools stand, by their topics: those that have jobs. Looks at every job. */
    Map<String, PoolOutlook> ofPools() {
        Instant now = clock.instant();
        Map<String, PoolOutlook> outlooks = new HashMap<>();
        pools().forEach((topic, pool) -> outlooks.put(
                topic,
                new PoolOutlook(
                        pool.waiting().size(),
                        pool.running().size(),
                        pool.waiting().stream()
                                .map(job -> job.work().createdAt())
                                .min(Comparator.naturalOrder())
                                .map(oldest -> seconds(Duration.between(oldest, now)))
                                .orElse(0.0),
                        Stream.concat(
                                        pool.waiting().stream()
                                                .map(this::seconds)
                                                .flatMap(Optional::stream),
                                        pool.running().stream()
                                                .map(job -> job.run().expectedEnd())
                                                .filter(Objects::nonNull)
                                                .map(end -> seconds(Duration.between(now, end))))
                                .mapToDouble(Double::doubleValue)
                                .sum(),
                        reckon(pool, now, new HashMap<>())
                                .map(end -> seconds(Duration.between(now, end)))
                                .orElse(Double.NaN))));
        return outlooks;
    }

    private static double seconds(Duration time) {
        return Math.max(0, time.toMillis() / 1e3);
    }

    private Map<String, Pool> pools() {
        return open.stream()
                .filter(job -> job.isWaiting() || job.started() && job.request() != null)
                .collect(groupingBy(
                        job -> job.pool(models),
                        collectingAndThen(
                                partitioningBy(OpenJob::started), jobs -> new Pool(jobs.get(true), jobs.get(false)))));
    }

    /**
     * Adds what is expected of each job that waits.
     *
     * @return when all are done; nothing where nobody can tell
     */
    private Optional<Instant> reckon(Pool pool, Instant now, Map<JobId, Outlook> outlooks) {
        Collection<Instant> workers = pool.running().stream()
                .map(OpenJob::run)
                .collect(toMap(
                        run -> Objects.requireNonNullElse(run.worker(), ""),
                        run -> Objects.requireNonNullElse(run.expectedEnd(), Instant.MAX),
                        (one, other) -> one.isAfter(other) ? one : other))
                .values();
        PriorityQueue<Instant> free = new PriorityQueue<>();
        workers.forEach(end -> free.add(end.isAfter(now) ? end : now));
        boolean known = !free.isEmpty() && !free.contains(Instant.MAX);
        int position = 0;
        for (OpenJob job : inOrder(pool)) {
            Optional<Double> seconds = seconds(job);
            Instant start = known ? free.poll() : null;
            known = known && seconds.isPresent();
            if (known) {
                free.add(start.plusMillis(Math.round(seconds.get() * 1e3)));
            }
            outlooks.put(job.id(), new Outlook(position++, start, seconds.orElse(null)));
        }
        return known ? free.stream().max(Comparator.naturalOrder()) : Optional.empty();
    }

    /** First those that workers may take already, then those of the backlog. */
    private List<OpenJob> inOrder(Pool pool) {
        Map<Boolean, List<OpenJob>> inBacklog =
                pool.waiting().stream().sorted(OpenJobs.IN_ORDER).collect(partitioningBy(OpenJob::isInBacklog));
        List<OpenJob> order = new ArrayList<>(inBacklog.get(false));
        order.addAll(new FairQueue(models)
                .after(pool.running())
                .after(inBacklog.get(false))
                .next(inBacklog.get(true), pool.waiting().size()));
        return order;
    }

    private Optional<Double> seconds(OpenJob job) {
        return Optional.ofNullable(job.work()).flatMap(work -> work.seconds(models));
    }
}
