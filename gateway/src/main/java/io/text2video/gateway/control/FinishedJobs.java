package io.text2video.gateway.control;

import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.gateway.content.JobEnds;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jboss.logging.Logger;

/** Objects first: while they are not all gone the job is there to be asked for again. */
@ApplicationScoped
class FinishedJobs implements JobDeletion {
    private static final Logger LOG = Logger.getLogger(FinishedJobs.class);

    private final JobEnds ends;
    private final EndPublisher publisher;

    FinishedJobs(JobEnds ends, EndPublisher publisher) {
        this.ends = ends;
        this.publisher = publisher;
    }

    @Override
    public Uni<Void> delete(JobSnapshot ended) {
        JobSnapshot deleted = ended.deleted();
        return ends.delete(deleted)
                .chain(() -> publisher.publish(List.of(JobRecords.state(deleted))))
                .invoke(() -> LOG.infof("job deleted job=%s", deleted.id()));
    }
}
