package io.text2video.gateway.control;

import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobSnapshot;

/** Removes a job that has ended, its objects and its state. */
public interface JobDeletion {
    /**
     * Completes when no gateway shows the job any more. Fails with {@link
     * io.text2video.gateway.content.StoreUnavailableException} or {@link BrokerUnavailableException}; what is left then is
     * removed when it is asked for again.
     */
    Uni<Void> delete(JobSnapshot ended);
}
