package io.text2video.gateway.jobs;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** The jobs, by id and in order. One thread writes, any number read. */
final class JobIndex {
    /** A job's place in the order. */
    private record Place(Instant createdAt, JobId id) implements Comparable<Place> {
        private static final Comparator<Place> ORDER =
                Comparator.comparing(Place::createdAt).thenComparing(Place::id);

        static Place of(Job job) {
            return new Place(job.snapshot().createdAt(), job.id());
        }

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    private final Map<JobId, Job> byId = new ConcurrentHashMap<>();
    private final NavigableMap<Place, Job> inOrder = new ConcurrentSkipListMap<>();
    private final Map<JobStatus, AtomicInteger> counts = Arrays.stream(JobStatus.values())
            .collect(Collectors.toUnmodifiableMap(status -> status, status -> new AtomicInteger()));

    /** Whether such a state of the job would be news. */
    boolean lacks(JobId id, JobStatus status, AttemptId attempt) {
        Job known = byId.get(id);
        return known == null
                || JobSnapshot.supersedes(
                        status,
                        attempt,
                        known.snapshot().status(),
                        known.snapshot().attemptId());
    }

    void put(JobSnapshot snapshot) {
        Job known = byId.get(snapshot.id());
        if (known == null) {
            replace(null, new Job(snapshot, Progress.NONE));
        } else if (snapshot.supersedes(known.snapshot())) {
            replace(known, new Job(snapshot, known.heard()));
        }
    }

    void put(JobId id, Progress progress) {
        Job known = byId.get(id);
        if (known != null && progress.supersedes(known.heard())) {
            replace(known, new Job(known.snapshot(), progress));
        }
    }

    void remove(JobId id) {
        Job known = byId.remove(id);
        if (known != null) {
            inOrder.remove(Place.of(known));
            counts.get(known.snapshot().status()).decrementAndGet();
        }
    }

    Optional<Job> find(JobId id) {
        return Optional.ofNullable(byId.get(id));
    }

    int count(JobStatus status) {
        return counts.get(status).get();
    }

    /** @param after the job before the page, or null for the first page */
    JobPage page(Job after, int limit, Order order) {
        NavigableMap<Place, Job> jobs =
                switch (order) {
                    case OLDEST_FIRST -> inOrder;
                    case NEWEST_FIRST -> inOrder.descendingMap();
                };
        NavigableMap<Place, Job> rest = after == null ? jobs : jobs.tailMap(Place.of(after), false);
        var page = rest.values().stream().limit(limit + 1L).collect(Collectors.toList());
        return new JobPage(page.subList(0, Math.min(limit, page.size())), page.size() > limit);
    }

    /** A reader may see the job in its old place or in its new one, never in none. */
    private void replace(Job known, Job job) {
        byId.put(job.id(), job);
        inOrder.put(Place.of(job), job);
        counts.get(job.snapshot().status()).incrementAndGet();
        if (known != null) {
            counts.get(known.snapshot().status()).decrementAndGet();
            if (!Place.of(known).equals(Place.of(job))) {
                inOrder.remove(Place.of(known));
            }
        }
    }
}
