package io.text2video.gateway.api.events;

import io.smallrye.mutiny.Multi;
import io.text2video.common.job.JobId;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.api.access.Callers;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.Video;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NameBinding;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseHeader;
import org.jboss.resteasy.reactive.RestPath;

/** Following jobs as they go. What is wrong with a request is found before its stream, which begins with the status 200. */
@Path("/v1/videos")
@Tag(name = "videos")
class EventResource {
    private final Callers callers;
    private final JobView view;
    private final EventStreams streams;

    EventResource(Callers callers, JobView view, EventStreams streams) {
        this.callers = callers;
        this.view = view;
        this.streams = streams;
    }

    /** Events of whatever jobs there are. */
    @NameBinding
    @Retention(RetentionPolicy.RUNTIME)
    @interface OfAll {}

    /** Events of a job that must be there. */
    @NameBinding
    @Retention(RetentionPolicy.RUNTIME)
    @interface OfOne {}

    @GET
    @Path("/{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @OfOne
    @ResponseHeader(name = HttpHeaders.CACHE_CONTROL, value = "no-store")
    @Operation(
            operationId = "followVideo",
            summary = "Follow a job to its end",
            description =
                    "Server-sent events: how the job stands, at once and whenever it has changed. The stream ends with"
                            + " the job.")
    @Parameter(
            name = "Last-Event-ID",
            in = ParameterIn.HEADER,
            description = "The `id` of the last event that was seen, as an EventSource sends it",
            schema = @Schema(implementation = String.class))
    @APIResponse(
            responseCode = "200",
            description = "Events with the Video as their `data`",
            content =
                    @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(implementation = Video.class)))
    @APIResponse(responseCode = "204", description = "The job has ended, and the client has seen it")
    @APIResponse(responseCode = "404", ref = "Error")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Multi<OutboundSseEvent> ofOne(
            @RestPath @Parameter(description = "The job's id") String id,
            @Context Sse sse,
            @Context HttpServerResponse response) {
        return streams.open(new OneJob(view, JobId.parse(id)), callers.current(), sse, response);
    }

    @GET
    @Path("/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @OfAll
    @ResponseHeader(name = HttpHeaders.CACHE_CONTROL, value = "no-store")
    @Operation(
            operationId = "followVideos",
            summary = "Follow all jobs",
            description =
                    "Server-sent events: how each job stands that has not ended, at once, and each job whenever it has"
                            + " changed. The stream does not end.")
    @APIResponse(
            responseCode = "200",
            description = "Events with a Video as their `data`",
            content =
                    @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(implementation = Video.class)))
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Multi<OutboundSseEvent> ofAll(
            @HeaderParam("Last-Event-ID")
                    @Parameter(description = "The `id` of the last event that was seen, as an EventSource sends it")
                    String seen,
            @Context Sse sse,
            @Context HttpServerResponse response) {
        Caller caller = callers.current();
        return streams.open(new AllJobs(view, caller, seen), caller, sse, response);
    }
}
