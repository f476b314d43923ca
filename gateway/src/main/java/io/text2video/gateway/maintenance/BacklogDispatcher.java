package io.text2video.gateway.maintenance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.common.topic.Topic;
import io.text2video.gateway.jobs.FairQueue;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.OpenJob;
import io.text2video.gateway.jobs.OpenJobs;
import io.text2video.gateway.jobs.ViewUnavailableException;
import io.text2video.kafka.PublicationException;
import io.text2video.kafka.ReliablePublisher;
import io.text2video.kafka.ServiceThread;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/**
 * Puts requests of the backlog on their pools' topics, few at a time and in an order that is fair to all tenants: by one gateway,
 * the leader. One that is put there twice, by two that believe so, is one job. Owns a thread and clients of the broker; the view and
 * the leadership are its caller's.
 */
final class BacklogDispatcher extends ServiceThread {
    private static final Logger LOG = Logger.getLogger(BacklogDispatcher.class);
    private static final String BACKLOG = Topic.BACKLOG.topicName();

    /** All open jobs are looked at, of which there may be hundreds of thousands. */
    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(20);

    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);

    /** Without a change there is no more room; leading may change without one. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final JobView view;
    private final Leadership leadership;
    private final SentRequests sent;
    private final ReliablePublisher publisher;
    private final Counter dispatched;
    private final Semaphore changes = new Semaphore(0);
    private final Map<String, FairQueue> queues = new HashMap<>();

    BacklogDispatcher(Map<String, Object> kafka, JobView view, Leadership leadership, MeterRegistry meters) {
        super("backlog");
        this.view = view;
        this.leadership = leadership;
        sent = new SentRequests(kafka);
        publisher = new ReliablePublisher(kafka);
        dispatched = Counter.builder("text2video.backlog.dispatched")
                .description("Requests that this gateway has put on their pools' topics")
                .register(meters);
        Gauge.builder("text2video.backlog.jobs", view, jobs -> jobs.openJobs()
                        .load(BACKLOG)
                        .waiting())
                .description("Jobs that wait in the backlog, in this gateway's view")
                .register(meters);
        view.listen(job -> {
            if (changes.availablePermits() == 0) {
                changes.release();
            }
        });
    }

    @Override
    protected void doWork() throws InterruptedException {
        changes.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        changes.drainPermits();
        if (!leadership.isLeader()) {
            // Whoever led meanwhile has given jobs that are not counted here.
            queues.clear();
        } else if (view.openJobs().load(BACKLOG).waiting() > 0 && isRoom()) {
            dispatch();
        }
    }

    /** Else to look at every job would be in vain, after each of thousands that are accepted a second. */
    private boolean isRoom() {
        return Stream.concat(Stream.of(Topic.REQUESTS.topicName()), view.models().topics().stream())
                .anyMatch(pool -> view.openJobs().load(pool).room() > 0);
    }

    @Override
    protected boolean survives(Throwable failure) {
        return failure instanceof RuntimeException;
    }

    @Override
    protected void cleanUp() {
        sent.close();
        publisher.close();
    }

    private void dispatch() throws InterruptedException {
        try {
            // What this gateway or another has put on the topics is to be counted.
            view.upToDate().await().indefinitely();
            List<ProducerRecord<byte[], byte[]>> next = new ArrayList<>();
            var open = view.openJobs();
            for (var pool : open.backlog(view.models()).entrySet()) {
                for (OpenJob job : next(pool.getKey(), pool.getValue(), open)) {
                    sent.read(job.request())
                            .map(record -> copy(record, pool.getKey()))
                            .ifPresent(next::add);
                }
            }
            if (!next.isEmpty() && leadership.isLeader()) {
                publisher.publish(next);
                dispatched.increment(next.size());
                next.forEach(record -> LOG.infof(
                        "job leaves the backlog job=%s topic=%s", new String(record.key(), UTF_8), record.topic()));
                changes.release();
            }
            pause(BETWEEN_ROUNDS);
        } catch (ViewUnavailableException | PublicationException | IOException e) {
            if (!isClosing()) {
                LOG.warnf("backlog waits cause=%s", e.getMessage());
            }
            // Some that count as given were not.
            queues.clear();
            pause(AFTER_A_FAILURE);
        }
    }

    private List<OpenJob> next(String pool, List<OpenJob> waiting, OpenJobs open) {
        int room = open.load(pool).room();
        return room <= 0
                ? List.of()
                : queues.computeIfAbsent(pool, none -> new FairQueue(view.models()).after(open.on(pool)))
                        .next(waiting, room);
    }

    /** With a time of its own, by which it expires: it may have waited for long. */
    private static ProducerRecord<byte[], byte[]> copy(ConsumerRecord<byte[], byte[]> record, String pool) {
        var copy = new ProducerRecord<>(pool, null, null, record.key(), record.value(), record.headers());
        copy.headers().add(Lineage.FORWARDED_FROM, BACKLOG.getBytes(UTF_8));
        return copy;
    }
}
