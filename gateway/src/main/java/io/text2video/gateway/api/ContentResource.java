package io.text2video.gateway.api;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoFile;
import io.text2video.gateway.api.Downloads.Download;
import io.text2video.gateway.api.access.Callers;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.storage.ByteRange;
import io.text2video.gateway.storage.ByteRange.Asked;
import io.text2video.gateway.storage.StoredFile;
import io.text2video.gateway.storage.Variant;
import io.text2video.gateway.storage.VideoStore;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
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

/**
 * The files of finished videos, handed through from the store piece by piece. A request holds a thread while it asks the
 * store, but not while it waits for the view: what it waits for needs a thread of the same pool.
 */
@Path("/v1/videos/{id}/content")
@Tag(name = "videos")
@Blocking
class ContentResource {
    private static final String CONTENT_RANGE = "Content-Range";
    private static final String VARIANT = "variant";
    /** Known to OpenAI's clients, and not made here. */
    private static final String SPRITESHEET = "spritesheet";

    private final Callers callers;
    private final Lookup lookup;
    private final VideoStore store;
    private final Downloads downloads;

    ContentResource(Callers callers, Lookup lookup, VideoStore store, Downloads downloads) {
        this.callers = callers;
        this.lookup = lookup;
        this.store = store;
        this.downloads = downloads;
    }

    @GET
    @Operation(
            operationId = "getVideoContent",
            summary = "The MP4 of a completed job, or its poster",
            description = "Takes a Range of bytes. An ETag stays the same for as long as the bytes do: `If-None-Match`,"
                    + " `If-Match` and `If-Range` take it.")
    @APIResponse(
            responseCode = "200",
            description = "The file",
            content = {
                @Content(mediaType = "video/mp4", schema = @Schema(type = SchemaType.STRING, format = "binary")),
                @Content(mediaType = "image/png", schema = @Schema(type = SchemaType.STRING, format = "binary"))
            })
    @APIResponse(responseCode = "206", description = "The part of it that Range asks for")
    @APIResponse(responseCode = "304", description = "If-None-Match names it: the client has it")
    @APIResponse(responseCode = "400", ref = "Error")
    @APIResponse(responseCode = "404", ref = "Error")
    @APIResponse(responseCode = "409", ref = "Error")
    @APIResponse(responseCode = "410", ref = "Error")
    @APIResponse(responseCode = "412", ref = "Error")
    @APIResponse(responseCode = "416", ref = "Error")
    @APIResponse(responseCode = "501", ref = "Error")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<Response> get(
            @RestPath @Parameter(description = "The job's id") String id,
            @QueryParam(VARIANT)
                    @DefaultValue("video")
                    @Parameter(
                            description = "`spritesheet` is known to OpenAI's clients, and answered 501",
                            schema = @Schema(enumeration = {"video", "thumbnail", "spritesheet"}))
                    String variant,
            @Context HttpHeaders headers) {
        var conditions = Conditions.of(headers);
        return lookup.byPath(callers.current(), id)
                .map(ContentResource::completed)
                .map(job -> respond(job, variant, conditions));
    }

    private Response respond(JobSnapshot job, String variant, Conditions conditions) {
        StoredFile file = file(job.video(), variant);
        checkWanted(job, conditions);
        return conditions.has(etag(job)) ? unchanged(job) : send(job, file, conditions.rangeOf(etag(job)));
    }

    private static void checkWanted(JobSnapshot job, Conditions conditions) {
        if (conditions.wantsAnother(etag(job))) {
            throw ApiException.of(
                    ApiErrorCode.PRECONDITION_FAILED,
                    Conditions.IF_MATCH,
                    "%s names another file; this one is %s".formatted(Conditions.IF_MATCH, etag(job)));
        }
    }

    private static Response unchanged(JobSnapshot job) {
        return Response.notModified().header(HttpHeaders.ETAG, etag(job)).build();
    }

    private Response send(JobSnapshot job, StoredFile file, String range) {
        Downloads.Place place = downloads.take();
        boolean sending = false;
        try {
            Response response = send(job, file, range, place);
            sending = response.getEntity() instanceof Download;
            return response;
        } finally {
            if (!sending) {
                place.close();
            }
        }
    }

    private Response send(JobSnapshot job, StoredFile file, String range, Downloads.Place place) {
        Asked asked = ByteRange.asked(range, file.size());
        if (asked instanceof Asked.Unsatisfiable) {
            return ApiException.of(
                            ApiErrorCode.RANGE_NOT_SATISFIABLE, "Range", "the file has " + file.size() + " bytes")
                    .response()
                    .header(CONTENT_RANGE, "bytes */" + file.size())
                    .build();
        }
        if (asked instanceof Asked.Part part) {
            return describe(Response.status(Response.Status.PARTIAL_CONTENT), job, file)
                    .header(CONTENT_RANGE, part.range().contentRange(file.size()))
                    .entity(open(file, part.range(), place))
                    .build();
        }
        return describe(Response.ok(), job, file)
                .entity(open(file, ByteRange.whole(file.size()), place))
                .build();
    }

    @HEAD
    @Operation(hidden = true)
    public Uni<Response> head(
            @RestPath String id,
            @QueryParam(VARIANT) @DefaultValue("video") String variant,
            @Context HttpHeaders headers) {
        var conditions = Conditions.of(headers);
        return lookup.byPath(callers.current(), id)
                .map(ContentResource::completed)
                .map(job -> describe(job, variant, conditions));
    }

    private Response describe(JobSnapshot job, String variant, Conditions conditions) {
        StoredFile file = file(job.video(), variant);
        checkWanted(job, conditions);
        if (conditions.has(etag(job))) {
            return unchanged(job);
        }
        return describe(Response.ok(), job, file)
                .header(HttpHeaders.CONTENT_LENGTH, file.size())
                .build();
    }

    private static JobSnapshot completed(Job found) {
        JobSnapshot job = found.snapshot();
        return switch (job.status()) {
            case COMPLETED -> job;
            case QUEUED, IN_PROGRESS ->
                throw ApiException.of(
                        ApiErrorCode.VIDEO_NOT_READY,
                        "the video is not ready: its job is " + job.status().wireName());
            case FAILED -> throw ApiException.ofFailedJob(job.error());
            case CANCELLED -> throw ApiException.of(ApiErrorCode.VIDEO_CANCELLED, "the job was cancelled");
            case DELETED -> throw ApiException.of(ApiErrorCode.VIDEO_NOT_FOUND, "there is no video with this id");
        };
    }

    private StoredFile file(VideoFile video, String name) {
        Variant variant = Variant.named(name).orElseThrow(() -> noSuchVariant(name));
        try {
            return store.find(video, variant)
                    .orElseThrow(() -> ApiException.of(ApiErrorCode.FILE_GONE, "the file is no longer in the store"));
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    private static ApiException noSuchVariant(String name) {
        return name.equals(SPRITESHEET)
                ? ApiException.of(
                        ApiErrorCode.NOT_SUPPORTED,
                        VARIANT,
                        "variant spritesheet is not supported; there are video (the MP4) and thumbnail (its first frame, a PNG)")
                : ApiException.of(ApiErrorCode.INVALID_VALUE, VARIANT, "variant must be video or thumbnail");
    }

    private Download open(StoredFile file, ByteRange range, Downloads.Place place) {
        try {
            return new Download(store.open(file, range), range.length(), place);
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    private static ApiException unavailable(IOException e) {
        return ApiException.unavailable(ApiErrorCode.STORE_UNAVAILABLE, "the object store does not answer", e);
    }

    private static ResponseBuilder describe(ResponseBuilder response, JobSnapshot job, StoredFile file) {
        Variant variant = file.variant();
        return response.type(variant.mediaType())
                .header("Accept-Ranges", "bytes")
                .header(HttpHeaders.ETAG, etag(job))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "inline; filename=\"%s.%s\"".formatted(job.id(), variant.extension()));
    }

    /** An attempt's files never change. */
    private static String etag(JobSnapshot job) {
        return "\"%s.%s\"".formatted(job.id(), job.attemptId());
    }
}
