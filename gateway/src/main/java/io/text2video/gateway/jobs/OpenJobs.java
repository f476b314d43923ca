package io.text2video.gateway.jobs;

import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * The jobs that have not ended: where each one's newest request lies, and when it was last heard of. What an earlier
 * attempt than the latest has to say is not heard. One thread writes, any number read.
 */
public final class OpenJobs {
    /** More than any delay that the fleet gives. A record may name any time, and nanoseconds count no more than 292 years. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    /** Of a topic with several partitions, whose records are taken side by side, about the order. */
    static final Comparator<OpenJob> IN_ORDER = Comparator.comparingLong(
                    (OpenJob job) -> job.request().offset())
            .thenComparingInt(job -> job.request().partition());

    private final Map<JobId, OpenJob> jobs = new ConcurrentHashMap<>();
    private final Map<String, TopicLoad> loads = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    OpenJobs() {
        this(System::nanoTime);
    }

    OpenJobs(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A request was read of a job that is not known to have ended. */
    void requested(JobId id, RequestPlace place, Work work) {
        long now = nanoTime.getAsLong();
        OpenJob known = jobs.get(id);
        put(known, known == null ? OpenJob.of(id, place, work, now) : known.requested(place, work, now));
    }

    /** A state was read of a job that has not ended. */
    void stands(JobHeader job) {
        long now = nanoTime.getAsLong();
        OpenJob known = jobs.get(job.id());
        put(
                known,
                known == null
                        ? OpenJob.of(job.id(), job.attempt(), job.run(), now)
                        : known.stands(job.attempt(), job.run(), now));
    }

    void happened(VideoEvent event) {
        OpenJob known = jobs.get(event.id());
        if (known != null) {
            put(known, known.stands(event.attemptId(), null, nanoTime.getAsLong()));
        }
    }

    /** Its request is to be published again, but not before that time has passed; of a longer one, a day counts. */
    void waits(JobId id, int generation, Duration time) {
        Duration shortened = time.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : time;
        long now = nanoTime.getAsLong();
        long heard = now + (shortened.isNegative() ? 0 : shortened.toNanos());
        var queued = new AttemptId(generation, 0);
        OpenJob known = jobs.get(id);
        if (known != null) {
            put(known, known.stands(queued, null, heard));
        } else if (heard > now) {
            put(null, OpenJob.of(id, queued, null, heard));
        }
    }

    void forget(JobId id) {
        OpenJob known = jobs.remove(id);
        if (known != null) {
            count(known, -1);
        }
    }

    private void put(OpenJob known, OpenJob next) {
        jobs.put(next.id(), next);
        if (known != null) {
            count(known, -1);
        }
        count(next, 1);
    }

    private void count(OpenJob job, int change) {
        if (job.isWaiting()) {
            loads.merge(job.request().topic(), new TopicLoad(change, 0), TopicLoad::plus);
        } else if (job.started() && job.request() != null) {
            loads.merge(job.request().topic(), new TopicLoad(0, change), TopicLoad::plus);
        }
    }

    /** Those whose newest request is on that topic. Looks at every job. */
    public List<OpenJob> on(String topic) {
        return jobs.values().stream()
                .filter(job -> job.request() != null && job.request().topic().equals(topic))
                .toList();
    }

    /** Those of the backlog, by the topics of the pools that they are for. Looks at every job. */
    public Map<String, List<OpenJob>> backlog(ModelCatalog models) {
        return jobs.values().stream()
                .filter(OpenJob::isInBacklog)
                .collect(Collectors.groupingBy(job -> job.pool(models)));
    }

    /** How many jobs have their newest request on that topic. */
    public TopicLoad load(String topic) {
        return loads.getOrDefault(topic, TopicLoad.NONE);
    }

    Optional<OpenJob> find(JobId id) {
        return Optional.ofNullable(jobs.get(id));
    }

    Stream<OpenJob> stream() {
        return jobs.values().stream();
    }

    /** Jobs that nothing was read of for that long, those that have been silent longest first. */
    public List<OpenJob> silentFor(Duration time) {
        long limit = nanoTime.getAsLong() - time.toNanos();
        return jobs.values().stream()
                .filter(job -> job.heard() - limit <= 0)
                .sorted(Comparator.comparingLong(OpenJob::heard))
                .toList();
    }

    /** Where those jobs' newest requests are. */
    public static Set<String> topics(Collection<OpenJob> jobs) {
        return jobs.stream()
                .map(OpenJob::request)
                .filter(Objects::nonNull)
                .map(RequestPlace::topic)
                .collect(Collectors.toSet());
    }

    /** How many jobs have their newest request on that partition between those offsets, the latter not included. */
    public long count(TopicPartition partition, long from, long to) {
        return jobs.values().stream()
                .filter(job -> job.request() != null && !job.awaitsRetry())
                .map(OpenJob::request)
                .filter(place -> place.offset() >= from && place.offset() < to)
                .filter(place -> place.partition() == partition.partition()
                        && place.topic().equals(partition.topic()))
                .count();
    }
}
