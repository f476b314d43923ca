package io.text2video.gateway.api;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.api.access.Callers;
import io.text2video.gateway.api.bodies.BodyMemory;
import io.text2video.gateway.api.bodies.NewInputReference;
import io.text2video.gateway.api.bodies.SentBody;
import io.text2video.gateway.api.bodies.StartImage;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobView;
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
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.Explode;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterStyle;
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
    private final Callers callers;
    private final KeyedCreation creation;
    private final VideoCreation remixes;
    private final VideoAnswers answers;
    private final JobView view;
    private final Lookup lookup;
    private final ModelChoice models;

    VideoResource(
            Callers callers,
            KeyedCreation creation,
            VideoCreation remixes,
            VideoAnswers answers,
            JobView view,
            Lookup lookup,
            ModelChoice models) {
        this.callers = callers;
        this.remixes = remixes;
        this.creation = creation;
        this.answers = answers;
        this.view = view;
        this.lookup = lookup;
        this.models = models;
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
        Caller caller = callers.current();
        Optional<IdempotencyKey> key = IdempotencyKey.of(headers);
        Optional<PreferredWait> wait = preferredWait(headers, request);
        return read(contentType, body, CreateVideoRequest.class, CreateVideoRequest::inputReference)
                .flatMap(sent -> creation.create(caller, key, sent.message(), sent.image()))
                .flatMap(created -> answers.accepted(caller, created, wait));
    }

    /** While an answer waits, nothing large is held for it. */
    private static Optional<PreferredWait> preferredWait(HttpHeaders headers, HttpServerRequest request) {
        return BodyMemory.isHeldFor(request) ? Optional.empty() : PreferredWait.of(headers);
    }

    @POST
    @Path("/{id}/remix")
    @Operation(
            operationId = "remixVideo",
            summary = "The same video with another prompt",
            description = "A new job with the model, the values, the image, the webhook, the user and the metadata of"
                    + " that one. One that a worker has taken has a seed, which is the same too.")
    @APIResponse(
            responseCode = "202",
            description = "Accepted",
            content = @Content(schema = @Schema(implementation = Video.class)))
    @APIResponse(responseCode = "400", ref = "Error")
    @APIResponse(responseCode = "404", ref = "Error")
    @APIResponse(responseCode = "413", ref = "Error")
    @APIResponse(responseCode = "415", ref = "Error")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<RestResponse<Video>> remix(
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
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType) {
        Caller caller = callers.current();
        return read(contentType, body, RemixRequest.class, none -> null)
                .flatMap(sent -> lookup.byPath(caller, id).map(Job::snapshot).flatMap(job -> {
                    CreateVideoRequest wanted = sent.message().of(job);
                    return remixes.remix(wanted, StartImage.of(wanted.inputReference()), job);
                }))
                .flatMap(video -> answers.accepted(caller, new KeyedCreation.Answer(video, false), Optional.empty()));
    }

    /** An image makes a body large: its text is not taken apart on the thread that serves everybody. */
    private static <T> Uni<SentBody<T>> read(
            String contentType, byte[] body, Class<T> type, Function<T, NewInputReference> imageIn) {
        return Uni.createFrom()
                .item(() -> SentBody.read(contentType, body, type, imageIn))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
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
        Caller caller = callers.current();
        return lookup.byPath(caller, id).flatMap(job -> answers.found(caller, job, wait));
    }

    @GET
    @Operation(operationId = "listVideos", summary = "All jobs, by the time of their creation")
    @Parameter(
            name = "metadata",
            in = ParameterIn.QUERY,
            style = ParameterStyle.DEEPOBJECT,
            explode = Explode.TRUE,
            description = "`metadata[key]=value`: only jobs that have this pair, and all others that are named",
            schema = @Schema(type = SchemaType.OBJECT, additionalProperties = String.class))
    @APIResponse(
            responseCode = "200",
            description = "A page of them",
            content = @Content(schema = @Schema(implementation = VideoList.class)))
    @APIResponse(responseCode = "400", ref = "Error")
    @APIResponse(responseCode = "414", description = "The URL is longer than 4,096 bytes; without a body")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<VideoList> list(
            @QueryParam("limit")
                    @DefaultValue("20")
                    @Parameter(
                            description = "Jobs on the page",
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "100"))
                    String limit,
            @QueryParam("after") @Parameter(description = "The `last_id` of the page before") String after,
            @QueryParam("order")
                    @DefaultValue("desc")
                    @Parameter(description = "`desc`: newest first", schema = @Schema(enumeration = {"asc", "desc"}))
                    String order,
            @QueryParam("status")
                    @Parameter(
                            description = "Only jobs of this status",
                            schema =
                                    @Schema(
                                            enumeration = {"queued", "in_progress", "completed", "failed", "cancelled"
                                            }))
                    String status,
            @QueryParam("model") @Parameter(description = "Only jobs of this model") String model,
            UriInfo uri) {
        Caller caller = callers.current();
        ListQuery query = ListQuery.of(caller, limit, order, status, models.shownAs(model), uri.getQueryParameters());
        return after == null
                ? page(null, query)
                : lookup.byQuery(caller, "after", after).flatMap(job -> page(job, query));
    }

    private Uni<VideoList> page(Job after, ListQuery query) {
        return view.list(after, query.limit(), query.order(), query.filter())
                .map(jobs -> VideoList.of(jobs, view::show));
    }
}
