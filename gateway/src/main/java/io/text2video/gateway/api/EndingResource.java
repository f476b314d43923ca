package io.text2video.gateway.api;

import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.gateway.api.access.Callers;
import io.text2video.gateway.commands.Cancellation;
import io.text2video.gateway.commands.JobDeletion;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.Video;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** Not wanting a video any more. */
@Path("/v1/videos/{id}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "videos")
class EndingResource {
    private final JobView view;
    private final Callers callers;
    private final Lookup lookup;
    private final Cancellation cancellation;
    private final JobDeletion deletion;

    EndingResource(Callers callers, JobView view, Lookup lookup, Cancellation cancellation, JobDeletion deletion) {
        this.view = view;
        this.callers = callers;
        this.lookup = lookup;
        this.cancellation = cancellation;
        this.deletion = deletion;
    }

    @DELETE
    @Operation(
            operationId = "deleteVideo",
            summary = "Cancel a job, or remove a video",
            description =
                    "A job that has not ended is cancelled, as by `cancelVideo`, and stays to be seen. One that has"
                            + " ended is removed, with its video: from then on there is none with this id. After a 503 it may"
                            + " or may not have been done: ask again.")
    @APIResponse(
            responseCode = "200",
            description = "Cancelled or removed",
            content = @Content(schema = @Schema(implementation = DeletedVideo.class)))
    @APIResponse(responseCode = "404", ref = "Error")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<DeletedVideo> delete(@RestPath @Parameter(description = "The job's id") String id) {
        return lookup.now(callers.current(), id)
                .map(Job::snapshot)
                .flatMap(job -> job.status().isTerminal()
                        ? deletion.delete(job)
                        : cancellation.cancel(job).flatMap(this::deleteUnlessCancelled))
                .replaceWith(() -> new DeletedVideo(id));
    }

    /** It may have ended in the meantime, in another way: then there is something to remove. */
    private Uni<Void> deleteUnlessCancelled(JobSnapshot end) {
        return end.status() == JobStatus.CANCELLED ? Uni.createFrom().voidItem() : deletion.delete(end);
    }

    @POST
    @Path("/cancel")
    @Operation(
            operationId = "cancelVideo",
            summary = "Cancel a job",
            description = "A queued one never starts, a running one stops within a step. One that has ended stays as it"
                    + " is: `status` says how the job stands. After a 503 it may or may not have been done: ask again.")
    @APIResponse(
            responseCode = "200",
            description = "The job, which has ended",
            content = @Content(schema = @Schema(implementation = Video.class)))
    @APIResponse(responseCode = "404", ref = "Error")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<Video> cancel(@RestPath @Parameter(description = "The job's id") String id) {
        return lookup.now(callers.current(), id)
                .flatMap(job -> job.snapshot().status().isTerminal()
                        ? Uni.createFrom().item(job)
                        : cancellation.cancel(job.snapshot()).map(end -> new Job(end, job.heard())))
                .map(view::show);
    }
}
