package io.text2video.gateway.api;

import io.text2video.common.job.JobId;
import io.text2video.common.job.JobStatus;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobView;
import java.util.Optional;

/** Tells of one job, from how it stands to its end. */
final class OneJob {
    private final JobView view;
    private final JobId id;
    private boolean changed = true;
    private boolean waits;
    private String told = "";
    private boolean over;

    OneJob(JobView view, JobId id) {
        this.view = view;
        this.id = id;
    }

    JobId job() {
        return id;
    }

    void changed() {
        changed = true;
    }

    /** Its place in the queue is another one as soon as others have moved. */
    void tick() {
        changed |= waits;
    }

    Optional<JobEvent> next() {
        if (!changed || over) {
            return Optional.empty();
        }
        changed = false;
        Optional<Job> job = view.known(id);
        waits = job.filter(known -> known.snapshot().status() == JobStatus.QUEUED)
                .isPresent();
        JobEvent event = job.map(known -> JobEvent.of(known, view)).orElseGet(() -> JobEvent.deleted(id));
        boolean news = !event.id().equals(told);
        told = event.id();
        over = event.isLast();
        return news ? Optional.of(event) : Optional.empty();
    }

    boolean isOver() {
        return over;
    }
}
