package io.text2video.gateway.commands;

import io.smallrye.mutiny.Uni;
import io.text2video.common.control.ControlMessage;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.ErrorCode;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.gateway.storage.StoredEnds;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jboss.logging.Logger;

/** Fails jobs of which nothing is known but a record that is no request: whoever sent it may wait for an end. */
@ApplicationScoped
class Refusal {
    private static final Logger LOG = Logger.getLogger(Refusal.class);

    private final StoredEnds ends;
    private final EndPublisher publisher;

    Refusal(StoredEnds ends, EndPublisher publisher) {
        this.ends = ends;
        this.publisher = publisher;
    }

    /**
     * Fails the job. Fails with {@link io.text2video.gateway.storage.StoreUnavailableException} or {@link
     * BrokerUnavailableException}; it may be done again.
     *
     * @return the job's one end, which is another when it had ended before
     */
    Uni<JobSnapshot> end(ControlMessage refused) {
        var request = new VideoRequest(VideoRequest.VERSION, refused.id(), null, null, null, null, null, null);
        JobError error = Objects.requireNonNullElseGet(
                refused.error(), () -> new JobError(ErrorCode.INVALID_PARAMETER, "the request was refused", null));
        JobSnapshot failed =
                JobSnapshot.queued(request, refused.time()).failed(new AttemptId(1, 1), null, error, Instant.now());
        return ends.commit(failed)
                .call(end -> publisher.publishEnd(end, List.of()))
                .invoke(end -> LOG.warnf(
                        "request refused job=%s status=%s reason=%s",
                        end.id(), end.status().wireName(), error.message()));
    }
}
