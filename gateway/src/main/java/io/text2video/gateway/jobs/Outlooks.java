package io.text2video.gateway.jobs;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.toMap;

import io.text2video.common.job.JobId;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * When queued jobs are expected to begin. The workers of a pool take its jobs in the order of its topic, each the next one
 * as soon as it is free. As long as a job waits no worker is idle, so its workers are those of the jobs in progress, of which
 * each may have one that it stores beside one that it draws. With none in progress nobody knows when one comes. All jobs are
 * reckoned at once, and kept for as long that a long queue does not take all of a processor. Thread-safe.
 */
final class Outlooks {
    /** About how many are reckoned in a millisecond; what was reckoned is kept for ten times as long. */
    private static final int JOBS_A_MILLISECOND = 1000;

    private static final int KEPT = 10;

    /** Of a topic with several partitions, whose records are taken side by side, about the order. */
    private static final Comparator<OpenJob> IN_ORDER = Comparator.comparingLong(
                    (OpenJob job) -> job.request().offset())
            .thenComparingInt(job -> job.request().partition());

    private final OpenJobs open;
    private final ModelCatalog models;
    private final Clock clock;
    private volatile Reckoned last = new Reckoned(Instant.MIN, Map.of());

    private record Reckoned(Instant until, Map<JobId, Outlook> outlooks) {}

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
        open.stream()
                .filter(job -> job.isWaiting() || job.started() && job.request() != null)
                .collect(groupingBy(job -> job.request().topic(), partitioningBy(OpenJob::started)))
                .values()
                .forEach(pool -> outlooks.putAll(reckon(pool.get(true), pool.get(false), now)));
        return new Reckoned(now.plusMillis(KEPT * outlooks.size() / JOBS_A_MILLISECOND), outlooks);
    }

    private Map<JobId, Outlook> reckon(List<OpenJob> running, List<OpenJob> waiting, Instant now) {
        Collection<Instant> workers = running.stream()
                .map(OpenJob::run)
                .collect(toMap(
                        run -> Objects.requireNonNullElse(run.worker(), ""),
                        run -> Objects.requireNonNullElse(run.expectedEnd(), Instant.MAX),
                        (one, other) -> one.isAfter(other) ? one : other))
                .values();
        PriorityQueue<Instant> free = new PriorityQueue<>();
        workers.forEach(end -> free.add(end.isAfter(now) ? end : now));
        boolean known = !free.isEmpty() && !free.contains(Instant.MAX);
        Map<JobId, Outlook> outlooks = new HashMap<>();
        for (OpenJob job : waiting.stream().sorted(IN_ORDER).toList()) {
            Optional<Double> seconds = seconds(job);
            Instant start = known ? free.poll() : null;
            known = known && seconds.isPresent();
            if (known) {
                free.add(start.plusMillis(Math.round(seconds.get() * 1e3)));
            }
            outlooks.put(job.id(), new Outlook(outlooks.size(), start, seconds.orElse(null)));
        }
        return outlooks;
    }

    private Optional<Double> seconds(OpenJob job) {
        return Optional.ofNullable(job.work()).flatMap(work -> work.seconds(models));
    }
}
