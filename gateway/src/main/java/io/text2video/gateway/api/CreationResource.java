package io.text2video.gateway.api;

import io.smallrye.mutiny.Uni;
import io.text2video.gateway.api.creation.CreateVideoRequest;
import io.text2video.gateway.api.creation.RemixRequest;
import io.text2video.gateway.jobs.Video;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** Asking for videos. */
@Path("/v1/videos")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "videos")
class CreationResource {
    private final NewVideos videos;

    CreationResource(NewVideos videos) {
        this.videos = videos;
    }

    @POST
    @Operation(
            operationId = "createVideo",
            summary = "Ask for a video",
            description =
                    "Answers once the broker has the request on every in-sync replica: the job is then sure to"
                            + " end. After a 503 it may or may not be there: with an Idempotency-Key, asking again makes no second one.")
    @APIResponse(responseCode = "202", content = @Content(schema = @Schema(oneOf = {Video.class, VideoList.class})))
    public Uni<RestResponse<Object>> create(
            @RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON,
                                        schema = @Schema(implementation = CreateVideoRequest.class)),
                                @Content(
                                        mediaType = MediaType.MULTIPART_FORM_DATA,
                                        schema = @Schema(implementation = VideoForms.OfNewVideo.class))
                            })
                    byte[] body,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @Context HttpHeaders headers,
            @Context HttpServerRequest request) {
        return videos.create(new NewVideos.Call(body, contentType, headers, request));
    }

    @POST
    @Path("/{id}/remix")
    @Operation(
            operationId = "remixVideo",
            summary = "The same video with another prompt",
            description = "A new job with the model, the values, the image, the webhook, the user and the metadata of"
                    + " that one. One that a worker has taken has a seed, which is the same too.")
    @APIResponse(responseCode = "202", content = @Content(schema = @Schema(implementation = Video.class)))
    @APIResponse(responseCode = "404", ref = "Error")
    public Uni<RestResponse<Object>> remix(
            @RestPath @Parameter(description = "The job's id") String id,
            @RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON,
                                        schema = @Schema(implementation = RemixRequest.class)),
                                @Content(
                                        mediaType = MediaType.MULTIPART_FORM_DATA,
                                        schema = @Schema(implementation = RemixRequest.class))
                            })
                    byte[] body,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @Context HttpHeaders headers,
            @Context HttpServerRequest request) {
        return videos.remix(new NewVideos.Call(body, contentType, headers, request), id);
    }
}
