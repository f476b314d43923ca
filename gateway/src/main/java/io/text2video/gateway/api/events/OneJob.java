package io.text2video.gateway.api.events;

import io.text2video.common.job.JobId;
import io.text2video.common.job.JobStatus;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobView;
import java.util.Optional;

/** Tells of one job, from how it stands to its end. */
final class OneJob implements EventSource {
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

    @Override
    public Optional<JobId> job() {
        return Optional.of(id);
    }

    @Override
    public void changed(JobId job) {
        changed = true;
    }

    /** Its place in the queue is another one as soon as others have moved. */
    @Override
    public void tick() {
        changed |= waits;
    }

    @Override
    public Optional<JobEvent> next() {
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

    @Override
    public boolean isOver() {
        return over;
    }
}
