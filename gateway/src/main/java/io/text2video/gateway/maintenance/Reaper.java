package io.text2video.gateway.maintenance;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.lifecycle.JobFolder;
import io.text2video.common.lifecycle.JobFolders;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.common.lifecycle.Lineage;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.OpenJob;
import io.text2video.gateway.jobs.OpenJobs;
import io.text2video.gateway.jobs.ViewUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Finds jobs that the queue has lost and publishes their requests again: those that nothing was heard of for a time, and
 * whose request no worker will come to. A job that has ended in the store and was never said to is said to. Looks on in
 * every gateway, and acts where it leads. For one thread.
 */
final class Reaper {
    private static final Logger LOG = Logger.getLogger(Reaper.class);

    /** What is not done in one round is done in the next, after another look. */
    private static final int MOST_IN_A_ROUND = 1_000;

    /** The metrics' tag of a job that had ended. */
    private static final String UNTOLD = "untold_end";

    private final JobView view;
    private final Leadership leadership;
    private final QueueStates queues;
    private final JobFolders folders;
    private final Republication.Maker republications;
    private final Publisher publisher;
    private final MeterRegistry meters;
    private final Duration stale;
    private final Watch watch;

    /** @param stale how long nothing may have been heard of a job */
    Reaper(
            JobView view,
            Leadership leadership,
            QueueStates queues,
            JobFolders folders,
            SentRequests sent,
            Publisher publisher,
            MeterRegistry meters,
            Duration stale) {
        this.view = view;
        this.leadership = leadership;
        this.queues = queues;
        this.folders = folders;
        republications = new Republication.Maker(sent, folders, view.models());
        this.publisher = publisher;
        this.meters = meters;
        this.stale = stale;
        watch = new Watch(stale.dividedBy(2), System::nanoTime);
        for (Loss loss : Loss.values()) {
            counter(loss.tag());
        }
        counter(UNTOLD);
    }

    /** Looks once. Whatever fails is logged, and left to a later look. */
    void look() {
        try {
            if (leadership.isLeader() && watch.hasLasted(stale)) {
                reap();
            } else {
                bringUpToDate();
            }
        } catch (ViewUnavailableException | IOException e) {
            LOG.warnf("reaper cannot look cause=%s", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("reaper broke, and looks again", e);
        }
    }

    /** The queue is asked before the view is brought up to date: a record that was accepted by then has told its end. */
    private void reap() throws IOException {
        OpenJobs open = view.openJobs();
        List<OpenJob> before = open.silentFor(stale);
        QueueState queue = before.isEmpty() ? null : queues.ask(OpenJobs.topics(before));
        bringUpToDate();
        if (queue == null || !watch.hasLasted(stale)) {
            return;
        }
        int reaped = 0;
        for (OpenJob job : open.silentFor(stale)) {
            Optional<Loss> loss = Loss.of(job, queue, open);
            if (loss.isPresent() && reaped < MOST_IN_A_ROUND && leadership.isLeader()) {
                reap(job, loss.get());
                reaped++;
                watch.look();
            }
        }
    }

    private void reap(OpenJob job, Loss loss) throws IOException {
        JobFolder folder = folders.look(job.id());
        if (folder.isEnded()) {
            Optional<JobSnapshot> end = folders.end(job.id());
            if (end.isPresent()) {
                tell(end.get());
                return;
            }
        }
        Optional<Job> known = view.find(job.id()).await().indefinitely();
        if (known.isEmpty() || known.get().snapshot().status().isTerminal()) {
            return;
        }
        Republication next = republications.make(job, known.get().snapshot(), folder);
        publisher.publish(List.of(next.record(), JobRecords.state(next.state())));
        counter(loss.tag()).increment();
        Lineage lineage = Lineage.of(next.record().headers());
        LOG.warnf(
                "job reaped job=%s reason=%s topic=%s generation=%d attempts=%d",
                job.id(), loss.tag(), next.record().topic(), lineage.generation(), lineage.attempts());
    }

    /** Whoever ended the job died before it could say so. */
    private void tell(JobSnapshot end) throws IOException {
        publisher.publish(JobRecords.end(end));
        folders.tidy(end);
        counter(UNTOLD).increment();
        LOG.warnf(
                "end of a job told late job=%s status=%s",
                end.id(), end.status().wireName());
    }

    private void bringUpToDate() {
        try {
            view.upToDate().await().indefinitely();
            watch.look();
        } catch (ViewUnavailableException e) {
            watch.lose();
            throw e;
        }
    }

    private Counter counter(String reason) {
        return meters.counter("text2video.jobs.reaped", "reason", reason);
    }
}
