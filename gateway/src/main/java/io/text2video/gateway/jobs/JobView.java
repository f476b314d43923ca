package io.text2video.gateway.jobs;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.Tenant;
import io.text2video.gateway.deliveries.DeliveryLogs;
import io.text2video.gateway.deliveries.FailingHosts;
import io.text2video.kafka.ConsumerConfigs;
import io.text2video.kafka.ServiceThread;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * The state of every job, in memory, read from the pools' topics of requests and {@code video.jobs}; {@code
 * video.events} add the progress, {@code video.models} the known models and their topics, {@code video.webhook-log} how webhooks
 * were called. What was on the broker before
 * a question is in the answer: a read barrier asks where the topics end and waits until the view has come there. Owns a
 * consumer, an admin client and one thread; answers come on Mutiny's, or the caller's.
 */
public final class JobView implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(JobView.class);
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    /** Records: as much as is read in a moment. */
    static final long FAR_BEHIND = 10_000;

    private final JobIndex index;
    private final DeliveryLogs deliveries;
    private final OpenJobs open = new OpenJobs();
    private final ModelCatalog models = new ModelCatalog();
    private final Outlooks outlooks = new Outlooks(open, models, Clock.systemUTC());
    private final Positions positions = new Positions();
    private final List<Consumer<JobId>> listeners = new CopyOnWriteArrayList<>();
    private final TopicReader reader;
    private final TopicEnds ends;
    private final Duration timeout;

    /** How many jobs have not ended, as far as the view has read. */
    public int countOpen() {
        return count(JobStatus.QUEUED) + count(JobStatus.IN_PROGRESS);
    }

    /** How many of the tenant's, as far as the view has read. */
    public int countOpen(Tenant tenant) {
        return index.countOpen(tenant);
    }

    /** Whether the view has once known all that was on the broker. */
    private volatile boolean filled;

    private volatile boolean closed;

    private JobView(Map<String, Object> kafka, Duration timeout, Duration kept, FailingHosts hosts) {
        this.timeout = timeout;
        deliveries = new DeliveryLogs(hosts);
        index = new JobIndex(kept);
        var consumer = new KafkaConsumer<byte[], byte[]>(consumerConfig(kafka));
        reader = new TopicReader(
                consumer,
                new Topics(consumer, models),
                new RecordReader(index, open, models, deliveries, this::tell),
                positions);
        ends = new TopicEnds(Admin.create(kafka), positions::partitions);
    }

    /** As below, where jobs are kept for ever and no host is paused. */
    public static JobView open(Map<String, Object> kafka, Duration timeout) {
        return open(kafka, timeout, Duration.ZERO, new FailingHosts(Duration.ZERO, Duration.ZERO));
    }

    /**
     * A view that has begun to read.
     *
     * @param kafka client configuration, {@code bootstrap.servers} at least; the topics must exist
     * @param timeout how long a question may wait for the broker and for the view
     * @param kept how long after their end the fleet keeps jobs; 0 for ever
     * @param hosts is told how calls of webhooks go
     */
    public static JobView open(Map<String, Object> kafka, Duration timeout, Duration kept, FailingHosts hosts) {
        var view = new JobView(kafka, timeout, kept, hosts);
        try {
            view.reader.prepare();
        } catch (RuntimeException e) {
            view.close();
            throw e;
        }
        view.reader.start();
        view.fill();
        return view;
    }

    /** The job; or nothing, when the broker had no such job at this call. What is known of it may be moments old. */
    public Uni<Optional<Job>> find(JobId id) {
        Optional<Job> known = index.find(id);
        return known.isPresent() ? Uni.createFrom().item(known) : upToDate().map(done -> index.find(id));
    }

    /**
     * The job as it stood on the broker at this call; as it was last known, while the broker does not answer at once or
     * the view is filled for the first time. When the broker does, and the view does not come up to it in time, it fails
     * with {@link ViewUnavailableException}: another gateway may have said already that the job is gone.
     */
    public Uni<Optional<Job>> findCurrent(JobId id) {
        if (index.find(id).isEmpty() || !filled) {
            return find(id);
        }
        Set<String> askedAbout = positions.topics();
        return Uni.createFrom()
                .completionStage(ends::ask)
                .ifNoItem()
                .after(AT_ONCE)
                .fail()
                .map(Optional::of)
                .onFailure()
                .recoverWithItem(Optional.empty())
                .flatMap(there ->
                        there.isEmpty() ? Uni.createFrom().voidItem() : inTime(() -> readTo(there.get(), askedAbout)))
                .emitOn(Infrastructure.getDefaultExecutor())
                .map(done -> index.find(id));
    }

    /** The job as it is known. Asks nobody. */
    public Optional<Job> known(JobId id) {
        return index.find(id);
    }

    /**
     * Has a listener told of each job that is no more as {@link #known} showed it, from now on.
     *
     * @param listener is called by the thread that reads from the broker, whose other work waits meanwhile
     */
    public void listen(Consumer<JobId> listener) {
        listeners.add(listener);
    }

    /** Whether the broker had such a job at this call, be it deleted since. */
    public Uni<Boolean> isKnown(JobId id) {
        return index.isKnown(id) ? Uni.createFrom().item(true) : upToDate().map(done -> index.isKnown(id));
    }

    /** Whom the job belongs to, be it deleted since; nothing where it is not known. Asks nobody. */
    public Optional<Tenant> owner(JobId id) {
        return index.owner(id);
    }

    /** The job's status as it is known, deleted among them. Asks nobody. */
    public Optional<JobStatus> status(JobId id) {
        return index.status(id);
    }

    /** Whether the job's end is known, or that it was deleted after it. Asks nobody. */
    public boolean hasEnded(JobId id) {
        return index.hasEnded(id);
    }

    /** The job as clients see it. Of a queued one its place in the queue is reckoned, which is work where the queue is long. */
    public Video show(Job job) {
        Outlook outlook = job.snapshot().status() == JobStatus.QUEUED ? outlooks.of(job.id()) : Outlook.NONE;
        return Video.of(job, outlook, deliveries.status(job.snapshot()));
    }

    /**
     * Jobs in order, every one that was on the broker at this call among them.
     *
     * @param after the job before the first; null to begin at the first of all
     */
    public Uni<JobPage> list(Job after, int limit, Order order, JobFilter filter) {
        return upToDate().map(done -> index.page(after, limit, order, filter));
    }

    /**
     * Completes when all that was on the broker at this call has been read; fails with {@link
     * ViewUnavailableException} when that takes too long.
     */
    public Uni<Void> upToDate() {
        return inTime(this::readToTheEnds).emitOn(Infrastructure.getDefaultExecutor());
    }

    /** Completes on a thread of Kafka's, which has other work than what follows. */
    private Uni<Void> inTime(Supplier<CompletionStage<Void>> reading) {
        return Uni.createFrom()
                .completionStage(reading)
                .ifNoItem()
                .after(timeout)
                .fail()
                .onFailure()
                .transform(ViewUnavailableException::new);
    }

    /**
     * The first jobs that ended in that time, its end not included, deleted ones among them, as far as the view has read; the
     * earliest end first.
     */
    public List<JobSnapshot> endedBetween(Instant from, Instant to, int limit) {
        return index.endedBetween(from, to, limit);
    }

    /** The first jobs that ended before that time and are not deleted, as far as the view has read; the earliest end first. */
    public List<JobSnapshot> keptBefore(Instant time, int limit) {
        return index.keptBefore(time, limit);
    }

    /** The first deleted jobs that had ended before that time, as far as the view has read; the earliest end first. */
    public List<JobSnapshot> deletedBefore(Instant time, int limit) {
        return index.deletedBefore(time, limit);
    }

    /** How the deliveries of webhooks stand, as far as the view has read. */
    public DeliveryLogs deliveries() {
        return deliveries;
    }

    /** The models, as far as the view has read. */
    public ModelCatalog models() {
        return models;
    }

    /** How much each pool has to do, by their topics, as far as the view has read. Looks at every open job. */
    public Map<String, PoolOutlook> pools() {
        Map<String, PoolOutlook> pools = outlooks.ofPools();
        models.topics().forEach(topic -> pools.putIfAbsent(topic, PoolOutlook.IDLE));
        return pools;
    }

    /** The jobs that have not ended, as far as the view has read. */
    public OpenJobs openJobs() {
        return open;
    }

    /** The jobs that have not ended, as far as the view has read. Looks for each when it is asked for. */
    public Iterator<JobId> open() {
        return open.stream().map(OpenJob::id).iterator();
    }

    /** Those, and the jobs that ended at that time or later and are not deleted. Looks at every job. */
    public Iterator<JobId> openOrEndedSince(Instant time) {
        return Stream.concat(open.stream().map(OpenJob::id), index.endedSince(time))
                .iterator();
    }

    /** How many jobs there are of that status, as far as the view has read. */
    public int count(JobStatus status) {
        return index.count(status);
    }

    /** Whether the view has once known all that was on the broker. Asks nobody. */
    public boolean isFilled() {
        return filled;
    }

    /** Whether the view still reads. */
    public boolean isAlive() {
        return reader.isAlive();
    }

    /** What reads, for the health checks. */
    ServiceThread reader() {
        return reader;
    }

    /** Records that the view has not read yet, as of its last read. */
    public long lag() {
        return reader.lag();
    }

    @Override
    public void close() {
        closed = true;
        reader.close();
        ends.close();
    }

    /** Nobody waits for it, and nobody else asks before this gateway is ready: a broker that is away is asked again. */
    private void fill() {
        readToTheEnds().whenComplete((done, failure) -> {
            if (failure == null) {
                LOG.info("job view is up to date");
            } else if (!closed) {
                CompletableFuture.delayedExecutor(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(this::fill);
            }
        });
    }

    private void tell(JobId id) {
        listeners.forEach(listener -> listener.accept(id));
    }

    private CompletionStage<Void> readToTheEnds() {
        Set<String> askedAbout = positions.topics();
        return ends.ask().thenCompose(there -> readTo(there, askedAbout));
    }

    /** What is read on the way may name topics that were not asked about: then all are asked about again. */
    private CompletionStage<Void> readTo(Map<TopicPartition, Long> there, Set<String> askedAbout) {
        return positions.reach(there).thenCompose(reached -> {
            Set<String> named = models.topics();
            if (!askedAbout.containsAll(named)) {
                return positions.lookUp(named).thenCompose(found -> readToTheEnds());
            }
            filled = true;
            return CompletableFuture.completedFuture(null);
        });
    }

    private static Map<String, Object> consumerConfig(Map<String, Object> kafka) {
        Map<String, Object> config = ConsumerConfigs.withoutGroup(kafka);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 30_000);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return config;
    }
}
