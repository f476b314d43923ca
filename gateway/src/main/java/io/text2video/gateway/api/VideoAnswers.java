package io.text2video.gateway.api;

import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobId;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.api.creation.KeyedCreation;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.Video;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Answers that tell how jobs stand: at once, or when it has ended, as the client prefers. No thread waits for it. */
@ApplicationScoped
class VideoAnswers {
    static final String REPLAYED = "Idempotent-Replayed";
    /** Of the API's contract. */
    static final String REPLAYED_DESCRIPTION = "`true` when the job was there before, by the same Idempotency-Key";

    private final JobView view;
    private final Lookup lookup;
    private final EndWaiters waiters;

    VideoAnswers(JobView view, Lookup lookup, EndWaiters waiters) {
        this.view = view;
        this.lookup = lookup;
        this.waiters = waiters;
    }

    /** To whoever asks after a job. */
    Uni<RestResponse<Video>> found(Caller caller, Job job, Optional<PreferredWait> wait) {
        return wait.map(preferred -> ended(caller, job.id(), preferred))
                .orElseGet(() -> Uni.createFrom().item(view.show(job)))
                .map(video -> answer(RestResponse.Status.OK, video, wait).build());
    }

    /** To whoever asks for videos: one, or a list of them. Their jobs are accepted, though they may not be there to be looked up. */
    Uni<RestResponse<Object>> accepted(Caller caller, KeyedCreation.Answer created, Optional<PreferredWait> wait) {
        return wait.map(preferred -> Uni.join()
                        .all(created.videos().stream()
                                .map(first -> ended(caller, JobId.parse(first.id()), preferred)
                                        .onFailure()
                                        .recoverWithItem(first))
                                .toList())
                        .andFailFast())
                .orElseGet(() -> Uni.createFrom().item(created.videos()))
                .map(videos -> {
                    ResponseBuilder<Object> response = videos.size() == 1
                            ? VideoAnswers.<Object>answer(RestResponse.Status.ACCEPTED, videos.get(0), wait)
                                    .location(URI.create(
                                            "/v1/videos/" + videos.get(0).id()))
                            : answer(RestResponse.Status.ACCEPTED, VideoList.of(videos), wait);
                    return (created.replayed() ? response.header(REPLAYED, true) : response).build();
                });
    }

    private Uni<Video> ended(Caller caller, JobId id, PreferredWait wait) {
        return waiters.await(id, wait.time())
                .chain(() -> lookup.byPath(caller, id.toString()))
                .map(view::show);
    }

    private static <T> ResponseBuilder<T> answer(RestResponse.Status status, T entity, Optional<PreferredWait> wait) {
        ResponseBuilder<T> response = ResponseBuilder.<T>create(status).entity(entity);
        return wait.map(applied -> response.header(PreferredWait.APPLIED, applied.applied()))
                .orElse(response);
    }
}
