package io.text2video.gateway.maintenance;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.lifecycle.JobFolders;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.OpenJob;
import io.text2video.gateway.jobs.OpenJobs;
import io.text2video.gateway.jobs.ViewUnavailableException;
import io.text2video.kafka.PublicationException;
import io.text2video.kafka.ReliablePublisher;
import io.text2video.kafka.ServiceThread;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.jboss.logging.Logger;

/**
 * Finds jobs that the queue has lost and publishes their requests again: those that nothing was heard of for a time, and
 * whose request no worker will get. A job that has ended in the store, but not on Kafka, has its end published. Observes in
 * every gateway, and acts where it leads. Owns a thread and clients of the broker; the view, the leadership and the folders
 * are its caller's.
 */
final class Reaper extends ServiceThread {
    private static final Logger LOG = Logger.getLogger(Reaper.class);

    /** What is not done in one round is done in the next, after another look. */
    private static final int MOST_IN_A_ROUND = 1_000;

    /** The metrics' tag of a job that had ended. */
    private static final String UNPUBLISHED_END = "untold_end";

    private final JobView view;
    private final Leadership leadership;
    private final Admin admin;
    private final QueueStates queues;
    private final JobFolders folders;
    private final SentRequests sent;
    private final Republication.Maker republications;
    private final ReliablePublisher publisher;
    private final MeterRegistry meters;
    private final Duration stale;
    private final Duration interval;
    private final ObservationWindow observed;

    /**
     * @param stale how long nothing may have been heard of a job
     * @param interval between two rounds
     */
    Reaper(
            Map<String, Object> kafka,
            JobView view,
            Leadership leadership,
            JobFolders folders,
            MeterRegistry meters,
            Duration stale,
            Duration interval) {
        super("reaper");
        this.view = view;
        this.leadership = leadership;
        this.folders = folders;
        this.meters = meters;
        this.stale = stale;
        this.interval = interval;
        admin = Admin.create(kafka);
        queues = new QueueStates(admin);
        sent = new SentRequests(kafka);
        republications = new Republication.Maker(sent, folders, view.models());
        publisher = new ReliablePublisher(kafka);
        observed = new ObservationWindow(stale.dividedBy(2), System::nanoTime);
        for (Undeliverable reason : Undeliverable.values()) {
            counter(reason.tag());
        }
        counter(UNPUBLISHED_END);
    }

    @Override
    protected void doWork() throws InterruptedException {
        try {
            if (leadership.isLeader() && observed.covers(stale)) {
                reap();
            } else {
                bringUpToDate();
            }
        } catch (ViewUnavailableException | PublicationException | IOException e) {
            if (!isClosing()) {
                LOG.warnf("reaper leaves the rest to its next round cause=%s", e.getMessage());
            }
        }
        pause(interval);
    }

    @Override
    protected boolean survives(Throwable failure) {
        return failure instanceof RuntimeException;
    }

    @Override
    protected void cleanUp() {
        sent.close();
        publisher.close();
        admin.close(Duration.ZERO);
    }

    /** The queue is asked before the view is brought up to date: of a record accepted by then, the end is read. */
    private void reap() throws IOException {
        OpenJobs open = view.openJobs();
        List<OpenJob> before = open.silentFor(stale);
        QueueState queue = before.isEmpty() ? null : queues.ask(OpenJobs.topics(before));
        bringUpToDate();
        if (queue == null || !observed.covers(stale)) {
            return;
        }
        int reaped = 0;
        for (OpenJob job : open.silentFor(stale)) {
            Optional<Undeliverable> reason = Undeliverable.of(job, queue, open);
            if (reason.isPresent() && reaped < MOST_IN_A_ROUND && leadership.isLeader()) {
                reap(job, reason.get());
                reaped++;
                observed.observe();
            }
        }
    }

    private void reap(OpenJob job, Undeliverable reason) throws IOException {
        if (publishedEnd(job.id())) {
            return;
        }
        Optional<Job> known = view.find(job.id()).await().indefinitely();
        if (known.isEmpty() || known.get().snapshot().status().isTerminal()) {
            return;
        }
        Republication next = republications.make(job, known.get().snapshot(), folders.look(job.id()));
        publish(next);
        counter(reason.tag()).increment();
        Lineage lineage = Lineage.of(next.record().headers());
        LOG.warnf(
                "job reaped job=%s reason=%s topic=%s generation=%d attempts=%d",
                job.id(), reason.tag(), next.record().topic(), lineage.generation(), lineage.attempts());
    }

    /**
     * The state first: a worker that has the request is quick to publish an end, over which compaction would keep the state. An
     * end that was committed meanwhile may be published already, and overwritten: then it is published once more.
     */
    private void publish(Republication next) throws IOException {
        publisher.publish(JobRecords.state(next.state()));
        if (!publishedEnd(next.state().id())) {
            publisher.publish(next.record());
        }
    }

    /**
     * Whether the job had ended. Whoever ended it may have died before it could publish the end; or has not, and the job is
     * deleted since: then the deletion is published after the end, or its topic would show the job again.
     */
    private boolean publishedEnd(JobId id) throws IOException {
        Optional<JobSnapshot> end = folders.end(id);
        if (end.isPresent()) {
            publisher.publish(JobRecords.end(end.get()));
            folders.tidy(id)
                    .filter(now -> now.status() != end.get().status())
                    .ifPresent(deleted -> publisher.publish(JobRecords.end(deleted)));
            counter(UNPUBLISHED_END).increment();
            LOG.warnf(
                    "end of a job published late job=%s status=%s",
                    id, end.get().status().wireName());
        }
        return end.isPresent();
    }

    private void bringUpToDate() {
        try {
            view.upToDate().await().indefinitely();
            observed.observe();
        } catch (ViewUnavailableException e) {
            observed.reset();
            throw e;
        }
    }

    private Counter counter(String reason) {
        return Counter.builder("text2video.jobs.reaped")
                .description(
                        "Jobs that this gateway has published again, or whose end it has, as the queue had lost them")
                .tag("reason", reason)
                .register(meters);
    }
}
