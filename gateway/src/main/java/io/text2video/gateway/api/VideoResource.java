package io.text2video.gateway.api;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.Order;
import io.text2video.gateway.jobs.Video;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.media.SchemaProperty;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** Asking for videos, and asking after them. */
@Path("/v1/videos")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "videos")
class VideoResource {
    private static final int MOST_ON_A_PAGE = 100;

    private final KeyedCreation creation;
    private final VideoAnswers answers;
    private final JobView view;
    private final Lookup lookup;

    VideoResource(KeyedCreation creation, VideoAnswers answers, JobView view, Lookup lookup) {
        this.creation = creation;
        this.answers = answers;
        this.view = view;
        this.lookup = lookup;
    }

    @POST
    @Operation(
            operationId = "createVideo",
            summary = "Ask for a video",
            description =
                    "Answers once the broker has the request on every in-sync replica: the job is then sure to"
                            + " end. After a 503 it may or may not be there: with an Idempotency-Key, asking again makes no second one.")
    @Parameter(
            name = IdempotencyKey.HEADER,
            in = ParameterIn.HEADER,
            description =
                    "Names the request for 24 hours: the same one with the same key gets the same answer, another 422."
                            + " 1 to 255 visible ASCII characters, such as a UUID",
            schema = @Schema(type = SchemaType.STRING, minLength = 1, maxLength = 255))
    @Parameter(
            name = PreferredWait.HEADER,
            in = ParameterIn.HEADER,
            description =
                    "`wait=N`: to be answered when the job has ended or N seconds have passed, 1 to 60. Not heeded with a"
                            + " body of more than 64 KiB",
            schema = @Schema(type = SchemaType.STRING),
            example = "wait=30")
    @APIResponse(
            responseCode = "202",
            description = "Accepted",
            headers = {
                @Header(
                        name = VideoAnswers.REPLAYED,
                        description = "`true` when the job was there before, by the same Idempotency-Key",
                        schema = @Schema(type = SchemaType.STRING)),
                @Header(
                        name = PreferredWait.APPLIED,
                        description = "`wait=N` where the answer was waited for",
                        schema = @Schema(type = SchemaType.STRING))
            },
            content = @Content(schema = @Schema(implementation = Video.class)))
    @APIResponse(responseCode = "400", ref = "Error")
    @APIResponse(responseCode = "409", ref = "Error")
    @APIResponse(responseCode = "413", ref = "Error")
    @APIResponse(responseCode = "415", ref = "Error")
    @APIResponse(responseCode = "422", ref = "Error")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<RestResponse<Video>> create(
            @RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON,
                                        schema = @Schema(implementation = CreateVideoRequest.class)),
                                @Content(
                                        mediaType = MediaType.MULTIPART_FORM_DATA,
                                        schema =
                                                @Schema(
                                                        type = SchemaType.OBJECT,
                                                        description =
                                                                "The fields of CreateVideoRequest as text, `loras` and"
                                                                        + " `webhook` as JSON or with brackets, as"
                                                                        + " `webhook[url]`, `loras[][id]`;"
                                                                        + " `input_reference` as a file",
                                                        requiredProperties = "prompt",
                                                        properties = {
                                                            @SchemaProperty(name = "prompt", type = SchemaType.STRING),
                                                            @SchemaProperty(name = "model", type = SchemaType.STRING),
                                                            @SchemaProperty(name = "seconds", type = SchemaType.STRING),
                                                            @SchemaProperty(name = "size", type = SchemaType.STRING),
                                                            @SchemaProperty(
                                                                    name = "input_reference",
                                                                    type = SchemaType.STRING,
                                                                    format = "binary")
                                                        }))
                            })
                    byte[] body,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @Context HttpHeaders headers,
            @Context HttpServerRequest request) {
        Optional<IdempotencyKey> key = IdempotencyKey.of(headers);
        Optional<PreferredWait> wait = preferredWait(headers, request);
        // An image makes it large: its text is not taken apart on the thread that serves everybody.
        return Uni.createFrom()
                .item(() ->
                        SentBody.read(contentType, body, CreateVideoRequest.class, CreateVideoRequest::inputReference))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .flatMap(sent -> creation.create(key, sent.message(), sent.image()))
                .flatMap(created -> answers.accepted(created, wait));
    }

    /** While an answer waits, nothing large is held for it. */
    private static Optional<PreferredWait> preferredWait(HttpHeaders headers, HttpServerRequest request) {
        return BodyMemory.isHeldFor(request) ? Optional.empty() : PreferredWait.of(headers);
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getVideo", summary = "How a job stands")
    @Parameter(
            name = PreferredWait.HEADER,
            in = ParameterIn.HEADER,
            description = "`wait=N`: to be answered when the job has ended or N seconds have passed, 1 to 60",
            schema = @Schema(type = SchemaType.STRING),
            example = "wait=30")
    @APIResponse(
            responseCode = "200",
            description = "The job; every gateway answers it from the moment that it was accepted",
            headers =
                    @Header(
                            name = PreferredWait.APPLIED,
                            description = "`wait=N` where the answer was waited for",
                            schema = @Schema(type = SchemaType.STRING)),
            content = @Content(schema = @Schema(implementation = Video.class)))
    @APIResponse(responseCode = "404", ref = "Error")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<RestResponse<Video>> get(
            @RestPath @Parameter(description = "The job's id") String id, @Context HttpHeaders headers) {
        Optional<PreferredWait> wait = PreferredWait.of(headers);
        return lookup.byPath(id).flatMap(job -> answers.found(job, wait));
    }

    @GET
    @Operation(operationId = "listVideos", summary = "All jobs, by the time of their creation")
    @APIResponse(
            responseCode = "200",
            description = "A page of them",
            content = @Content(schema = @Schema(implementation = VideoList.class)))
    @APIResponse(responseCode = "400", ref = "Error")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<VideoList> list(
            @QueryParam("limit")
                    @DefaultValue("20")
                    @Parameter(description = "Jobs on the page, 1 to 100", schema = @Schema(type = SchemaType.INTEGER))
                    String limit,
            @QueryParam("after") @Parameter(description = "The `last_id` of the page before") String after,
            @QueryParam("order") @DefaultValue("desc") @Parameter(description = "`desc` (newest first) or `asc`")
                    String order) {
        int most = limit(limit);
        Order by = order(order);
        return after == null
                ? page(null, most, by)
                : lookup.byQuery("after", after).flatMap(job -> page(job, most, by));
    }

    private Uni<VideoList> page(Job after, int limit, Order order) {
        return view.list(after, limit, order).map(jobs -> VideoList.of(jobs, view::show));
    }

    private static int limit(String text) {
        if (text.matches("\\d{1,3}")) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST_ON_A_PAGE) {
                return limit;
            }
        }
        throw ApiException.of(
                ApiErrorCode.INVALID_VALUE, "limit", "limit must be a whole number from 1 to " + MOST_ON_A_PAGE);
    }

    private static Order order(String text) {
        return switch (text) {
            case "asc" -> Order.OLDEST_FIRST;
            case "desc" -> Order.NEWEST_FIRST;
            default -> throw ApiException.of(ApiErrorCode.INVALID_VALUE, "order", "order must be asc or desc");
        };
    }
}
