package io.text2video.gateway.api;

import io.smallrye.mutiny.Uni;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.api.access.Callers;
import io.text2video.gateway.api.creation.ModelChoice;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.Video;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.Explode;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterStyle;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** Asking after videos. */
@Path("/v1/videos")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "videos")
class VideoResource {
    private final Callers callers;
    private final VideoAnswers answers;
    private final JobView view;
    private final Lookup lookup;
    private final ModelChoice models;

    VideoResource(Callers callers, VideoAnswers answers, JobView view, Lookup lookup, ModelChoice models) {
        this.callers = callers;
        this.answers = answers;
        this.view = view;
        this.lookup = lookup;
        this.models = models;
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getVideo", summary = "How a job stands")
    @Parameter(
            name = PreferredWait.HEADER,
            in = ParameterIn.HEADER,
            description = PreferredWait.DESCRIPTION,
            schema = @Schema(type = SchemaType.STRING),
            example = "wait=30")
    @APIResponse(
            responseCode = "200",
            description = "The job; every gateway answers it from the moment that it was accepted",
            headers =
                    @Header(
                            name = PreferredWait.APPLIED,
                            description = PreferredWait.APPLIED_DESCRIPTION,
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
            @QueryParam("batch") @Parameter(description = "Only jobs of this batch") String batch,
            UriInfo uri) {
        Caller caller = callers.current();
        ListQuery query =
                ListQuery.of(caller, limit, order, status, models.shownAs(model), batch, uri.getQueryParameters());
        return after == null
                ? page(null, query)
                : lookup.byQuery(caller, "after", after).flatMap(job -> page(job, query));
    }

    private Uni<VideoList> page(Job after, ListQuery query) {
        return view.list(after, query.limit(), query.order(), query.filter())
                .map(jobs -> VideoList.of(jobs, view::show));
    }
}
