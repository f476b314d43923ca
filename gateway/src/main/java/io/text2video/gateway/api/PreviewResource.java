package io.text2video.gateway.api;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobSnapshot;
import io.text2video.gateway.api.access.Callers;
import io.text2video.gateway.api.creation.Sha256;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.storage.VideoStore;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.io.IOException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** What a video looks like while it is drawn. A request holds a thread while it asks the store. */
@Path("/v1/videos/{id}/preview")
@Tag(name = "videos")
@Blocking
class PreviewResource {
    private static final String JPEG = "image/jpeg";

    private final Callers callers;
    private final Lookup lookup;
    private final VideoStore store;

    PreviewResource(Callers callers, Lookup lookup, VideoStore store) {
        this.callers = callers;
        this.lookup = lookup;
        this.store = store;
    }

    @GET
    @Operation(
            operationId = "getVideoPreview",
            summary = "What a video looks like while it is drawn",
            description =
                    "The middle frame, a pixel for each of its latents', replaced after a step when a second has passed:"
                            + " once a second at most, and once a step where steps take longer. The Video's `preview_step`"
                            + " says of which step it is, and that there is another one. `If-None-Match` takes its ETag.")
    @APIResponse(
            responseCode = "200",
            description = "A JPEG of at most 20 kB",
            content = @Content(mediaType = JPEG, schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(responseCode = "304", description = "If-None-Match names it: the client has it")
    @APIResponse(responseCode = "404", ref = "Error")
    @APIResponse(responseCode = "409", ref = "Error")
    @APIResponse(responseCode = "410", ref = "Error")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<Response> get(
            @RestPath @Parameter(description = "The job's id") String id, @Context HttpHeaders headers) {
        var conditions = Conditions.of(headers);
        return lookup.byPath(callers.current(), id).map(PreviewResource::drawn).map(job -> respond(job, conditions));
    }

    private Response respond(JobSnapshot job, Conditions conditions) {
        byte[] jpeg = read(job);
        String etag = "\"%s\"".formatted(Sha256.of(jpeg));
        ResponseBuilder response = conditions.has(etag)
                ? Response.notModified()
                : Response.ok(jpeg).type(JPEG);
        return response.header(HttpHeaders.ETAG, etag)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private byte[] read(JobSnapshot job) {
        try {
            return store.preview(job.id(), job.attemptId()).orElseThrow(PreviewResource::notYet);
        } catch (IOException e) {
            throw ApiException.unavailable(ApiErrorCode.STORE_UNAVAILABLE, "the object store does not answer", e);
        }
    }

    private static JobSnapshot drawn(Job found) {
        JobSnapshot job = found.snapshot();
        return switch (job.status()) {
            case IN_PROGRESS -> job;
            case QUEUED -> throw notYet();
            case COMPLETED, FAILED, CANCELLED ->
                throw ApiException.of(
                        ApiErrorCode.FILE_GONE,
                        "there are previews of jobs in progress alone; this one is "
                                + job.status().wireName());
            case DELETED -> throw ApiException.of(ApiErrorCode.VIDEO_NOT_FOUND, "there is no video with this id");
        };
    }

    private static ApiException notYet() {
        return ApiException.of(
                ApiErrorCode.PREVIEW_NOT_READY,
                "there is no preview yet: the job's preview_step tells of the first; a worker may make none");
    }
}
