package io.text2video.gateway.jobs;

import io.text2video.common.job.Tenant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.stream.Collectors;

/**
 * In which order a pool takes the jobs of many tenants: each tenant that has jobs to do gets as much of the workers' time as
 * every other, whoever came first and with how many. This is start-time fair queueing (Goyal, Vin, Cheng, 1996): a tenant's next
 * job begins, in virtual time, where its last one ended, but not before the job that was given last. Among a tenant's own jobs the
 * priority counts, then who came first. For one pool and one thread.
 */
public final class FairQueue {
    /** A job counts as that long where nobody knows. */
    private static final double UNKNOWN_SECONDS = 60;

    private static final Comparator<OpenJob> WITHIN_A_TENANT = Comparator.comparing(
                    (OpenJob job) -> job.work().priority())
            .reversed()
            .thenComparing(OpenJobs.IN_ORDER);

    private final ModelCatalog models;
    /** Where each tenant's last job ends, in virtual seconds; none where that is past. */
    private final Map<Tenant, Double> ends = new HashMap<>();

    private double now;

    /** A tenant with jobs that wait. */
    private record Line(Tenant tenant, double start, Queue<OpenJob> jobs) {
        static final Comparator<Line> NEXT = Comparator.comparingDouble(Line::start)
                .thenComparing(line -> line.jobs().peek(), OpenJobs.IN_ORDER);
    }

    /** @param models say how long jobs take */
    public FairQueue(ModelCatalog models) {
        this.models = models;
    }

    /** Counts what tenants have been given already. */
    public FairQueue after(Collection<OpenJob> given) {
        given.stream()
                .filter(job -> job.work() != null)
                .forEach(job -> ends.merge(job.work().tenant(), seconds(job), Double::sum));
        return this;
    }

    /**
     * The next jobs, in order. They count as given.
     *
     * @param waiting all that wait for this pool; each with its request
     */
    public List<OpenJob> next(Collection<OpenJob> waiting, int most) {
        Map<Tenant, List<OpenJob>> byTenant =
                waiting.stream().collect(Collectors.groupingBy(job -> job.work().tenant()));
        var lines = new PriorityQueue<>(Line.NEXT);
        byTenant.forEach((tenant, jobs) -> {
            jobs.sort(WITHIN_A_TENANT);
            lines.add(new Line(tenant, start(tenant), new ArrayDeque<>(jobs)));
        });
        List<OpenJob> next = new ArrayList<>();
        while (!lines.isEmpty() && next.size() < most) {
            Line line = lines.poll();
            OpenJob job = line.jobs().poll();
            now = line.start();
            ends.put(line.tenant(), now + seconds(job));
            next.add(job);
            if (!line.jobs().isEmpty()) {
                lines.add(new Line(line.tenant(), start(line.tenant()), line.jobs()));
            }
        }
        ends.values().removeIf(end -> end <= now);
        return next;
    }

    private double start(Tenant tenant) {
        return Math.max(now, ends.getOrDefault(tenant, now));
    }

    private double seconds(OpenJob job) {
        return job.work().seconds(models).orElse(UNKNOWN_SECONDS);
    }
}
