package io.text2video.gateway.api;

import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobStatus;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Function;

/** Finds the job that a path or a query names, for those who see it: to others there is none. */
@ApplicationScoped
public class Lookup {
    private final JobView view;

    Lookup(JobView view) {
        this.view = view;
    }

    /** Text that is no id names no job, like an id that is not known: 404. */
    public Uni<Job> byPath(Caller caller, String id) {
        return find(caller, id, view::findCurrent).map(Lookup::orNotFound);
    }

    /** As the job stands at this call for certain; no answer while the broker is away. */
    public Uni<Job> now(Caller caller, String id) {
        return find(caller, id, parsed -> view.upToDate().flatMap(done -> view.find(parsed)))
                .map(Lookup::orNotFound);
    }

    public Uni<Job> byQuery(Caller caller, String param, String id) {
        return find(caller, id, view::find)
                .map(job -> job.orElseThrow(() -> ApiException.of(
                        ApiErrorCode.INVALID_VALUE, param, param + " must be the id of a video of the list")));
    }

    /** @param param the field of a body that names it */
    Uni<Job> byBody(Caller caller, String param, String id) {
        return find(caller, id, view::findCurrent)
                .map(job -> job.orElseThrow(() -> ApiException.of(
                        ApiErrorCode.INVALID_VALUE,
                        param,
                        "%s names %s, but there is no such video".formatted(param, id))));
    }

    private static Job orNotFound(Optional<Job> job) {
        return job.orElseThrow(() -> ApiException.of(ApiErrorCode.VIDEO_NOT_FOUND, "there is no video with this id"));
    }

    private static Uni<Optional<Job>> find(Caller caller, String text, Function<JobId, Uni<Optional<Job>>> find) {
        JobId id;
        try {
            id = JobId.parse(text);
        } catch (IllegalArgumentException e) {
            return Uni.createFrom().item(Optional.empty());
        }
        return find.apply(id)
                .map(found -> found.filter(job -> job.snapshot().status() != JobStatus.DELETED
                        && caller.sees(job.snapshot().owner())));
    }
}
