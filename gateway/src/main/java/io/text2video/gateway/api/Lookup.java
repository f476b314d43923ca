package io.text2video.gateway.api;

import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobId;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Finds the job that a path or a query names. */
@ApplicationScoped
class Lookup {
    private final JobView view;

    Lookup(JobView view) {
        this.view = view;
    }

    /** Text that is no id names no job, like an id that is not known: 404. */
    Uni<Job> byPath(String id) {
        return find(id).map(job ->
                job.orElseThrow(() -> ApiException.of(ApiErrorCode.VIDEO_NOT_FOUND, "there is no video with this id")));
    }

    Uni<Job> byQuery(String param, String id) {
        return find(id).map(job -> job.orElseThrow(() ->
                ApiException.of(ApiErrorCode.INVALID_VALUE, param, param + " must be the id of a video of the list")));
    }

    private Uni<Optional<Job>> find(String text) {
        JobId id;
        try {
            id = JobId.parse(text);
        } catch (IllegalArgumentException e) {
            return Uni.createFrom().item(Optional.empty());
        }
        return view.find(id);
    }
}
