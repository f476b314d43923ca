package io.text2video.gateway.api;

import io.smallrye.mutiny.Uni;
import io.text2video.common.job.VideoReference;
import io.text2video.gateway.api.creation.CreateVideoRequest;
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
import org.jboss.resteasy.reactive.RestResponse;

/** Asking for videos that are made from other ones. */
@Path("/v1/videos")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "videos")
class EditResource {
    private final NewVideos videos;

    EditResource(NewVideos videos) {
        this.videos = videos;
    }

    @POST
    @Path("/edits")
    @Operation(
            operationId = "editVideo",
            summary = "Change a video",
            description =
                    "A new job that draws the frames of a completed video, or of a file, anew by the prompt, as far from"
                            + " them as `strength` says. For models that take no image. `video` is required. Without `num_frames` or"
                            + " `seconds`, no more frames than the video has.")
    @APIResponse(responseCode = "202", content = @Content(schema = @Schema(oneOf = {Video.class, VideoList.class})))
    public Uni<RestResponse<Object>> edit(
            @RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON,
                                        schema = @Schema(implementation = CreateVideoRequest.class)),
                                @Content(
                                        mediaType = MediaType.MULTIPART_FORM_DATA,
                                        schema = @Schema(implementation = VideoForms.OfSourceVideo.class))
                            })
                    byte[] body,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @Context HttpHeaders headers,
            @Context HttpServerRequest request) {
        return videos.createFromVideo(
                new NewVideos.Call(body, contentType, headers, request), VideoReference.Operation.EDIT);
    }

    @POST
    @Path("/extensions")
    @Operation(
            operationId = "extendVideo",
            summary = "Go on with a video",
            description =
                    "A new job whose video is a completed one, or a file, and then what comes after its last frame. For"
                            + " models that start from an image. `video` is required. `seconds`, or `num_frames`, are those of"
                            + " the whole; without, as many frames are drawn as the model draws where nothing is said.")
    @APIResponse(responseCode = "202", content = @Content(schema = @Schema(oneOf = {Video.class, VideoList.class})))
    public Uni<RestResponse<Object>> extend(
            @RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON,
                                        schema = @Schema(implementation = CreateVideoRequest.class)),
                                @Content(
                                        mediaType = MediaType.MULTIPART_FORM_DATA,
                                        schema = @Schema(implementation = VideoForms.OfSourceVideo.class))
                            })
                    byte[] body,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @Context HttpHeaders headers,
            @Context HttpServerRequest request) {
        return videos.createFromVideo(
                new NewVideos.Call(body, contentType, headers, request), VideoReference.Operation.EXTEND);
    }
}
