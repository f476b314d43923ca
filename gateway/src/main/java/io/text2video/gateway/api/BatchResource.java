package io.text2video.gateway.api;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.text2video.common.job.BatchId;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.api.access.Callers;
import io.text2video.gateway.api.bodies.JsonLines;
import io.text2video.gateway.api.creation.BatchCreation;
import io.text2video.gateway.api.creation.BatchCreation.Outcome.Accepted;
import io.text2video.gateway.api.creation.BatchCreation.Outcome.Refused;
import io.text2video.gateway.api.creation.IdempotencyKey;
import io.text2video.gateway.api.creation.RefusedBatch;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.batches.BatchCounts;
import io.text2video.gateway.batches.BatchWork;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.storage.StoredBatches;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
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
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Many requests at once. */
@Path("/v1/videos/batches")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "batches")
class BatchResource {
    private final Callers callers;
    private final BatchCreation creation;
    private final StoredBatches batches;
    private final BatchWork work;
    private final JobView view;

    BatchResource(Callers callers, BatchCreation creation, StoredBatches batches, BatchWork work, JobView view) {
        this.callers = callers;
        this.creation = creation;
        this.batches = batches;
        this.work = work;
        this.view = view;
    }

    @POST
    @Operation(
            operationId = "createBatch",
            summary = "Ask for many videos",
            description = "A request in each line, up to 10,000. When all of them can be served the batch is accepted,"
                    + " and its jobs are submitted bit by bit, whatever becomes of this gateway. Else nothing is.")
    @Parameter(
            name = IdempotencyKey.HEADER,
            in = ParameterIn.HEADER,
            description =
                    "Names the batch for as long as it is kept: the same lines with the same key are the same batch,"
                            + " other lines 422",
            schema = @Schema(type = SchemaType.STRING, minLength = 1, maxLength = 255))
    @APIResponse(
            responseCode = "202",
            description = "Accepted",
            headers =
                    @Header(
                            name = VideoAnswers.REPLAYED,
                            description = "`true` when the batch was there before, by the same Idempotency-Key",
                            schema = @Schema(type = SchemaType.STRING)),
            content = @Content(schema = @Schema(implementation = VideoBatch.class)))
    @APIResponse(
            responseCode = "400",
            description = "Nothing was accepted; `errors` tells what is wrong in which line, where lines are",
            content = @Content(schema = @Schema(implementation = RefusedBatch.class)))
    @APIResponse(responseCode = "408", ref = "Error")
    @APIResponse(responseCode = "413", ref = "Error")
    @APIResponse(responseCode = "415", ref = "Error")
    @APIResponse(responseCode = "422", ref = "Error")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<RestResponse<Object>> create(
            @RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = "application/jsonl",
                                        schema =
                                                @Schema(
                                                        type = SchemaType.STRING,
                                                        description = "In each line what `createVideo` takes as JSON")),
                                @Content(
                                        mediaType = "application/x-ndjson",
                                        schema = @Schema(type = SchemaType.STRING)),
                                @Content(
                                        mediaType = MediaType.MULTIPART_FORM_DATA,
                                        schema =
                                                @Schema(
                                                        type = SchemaType.OBJECT,
                                                        requiredProperties = "file",
                                                        properties =
                                                                @SchemaProperty(
                                                                        name = "file",
                                                                        type = SchemaType.STRING,
                                                                        format = "binary")))
                            })
                    byte[] body,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @Context HttpHeaders headers) {
        Caller caller = callers.current();
        Optional<IdempotencyKey> key = IdempotencyKey.of(headers);
        return Uni.createFrom()
                .item(() -> JsonLines.read(contentType, body))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .flatMap(lines -> creation.create(caller, key, lines))
                .flatMap(outcome -> {
                    if (outcome instanceof Refused refused) {
                        return Uni.createFrom()
                                .item(RestResponse.status(RestResponse.Status.BAD_REQUEST, (Object) refused.reason()));
                    }
                    var accepted = (Accepted) outcome;
                    return shown(caller, accepted.batch().id()).map(batch -> {
                        ResponseBuilder<Object> response = ResponseBuilder.create(
                                        RestResponse.Status.ACCEPTED, (Object) batch)
                                .location(URI.create("/v1/videos/batches/" + batch.id()));
                        return (accepted.replayed() ? response.header(VideoAnswers.REPLAYED, true) : response).build();
                    });
                });
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getBatch", summary = "How a batch stands")
    @APIResponse(
            responseCode = "200",
            description = "The batch; `listVideos` with `batch` shows its jobs",
            content = @Content(schema = @Schema(implementation = VideoBatch.class)))
    @APIResponse(responseCode = "404", ref = "Error")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<VideoBatch> get(@RestPath @Parameter(description = "The batch's id") String id) {
        return shown(callers.current(), parse(id));
    }

    @POST
    @Path("/{id}/cancel")
    @Operation(
            operationId = "cancelBatch",
            summary = "Cancel a batch",
            description =
                    "What was not submitted never will be, and every job that has not ended is cancelled, one after"
                            + " the other: `status` is `cancelling` until then.")
    @APIResponse(
            responseCode = "200",
            description = "The batch",
            content = @Content(schema = @Schema(implementation = VideoBatch.class)))
    @APIResponse(responseCode = "404", ref = "Error")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<VideoBatch> cancel(@RestPath @Parameter(description = "The batch's id") String id) {
        Caller caller = callers.current();
        BatchId batch = parse(id);
        return shown(caller, batch)
                .call(() -> batches.cancel(batch))
                .invoke(() -> work.add(batch))
                .flatMap(before -> shown(caller, batch));
    }

    /** Another tenant's batch is none. */
    private Uni<VideoBatch> shown(Caller caller, BatchId id) {
        return batches.state(id)
                .map(state -> state.filter(found -> caller.sees(found.batch().tenant()))
                        .orElseThrow(BatchResource::notFound))
                .call(() -> view.upToDate())
                .map(state -> VideoBatch.of(state, BatchCounts.count(state, view)));
    }

    private static BatchId parse(String id) {
        try {
            return BatchId.parse(id);
        } catch (IllegalArgumentException e) {
            throw notFound();
        }
    }

    private static ApiException notFound() {
        return ApiException.of(ApiErrorCode.BATCH_NOT_FOUND, "there is no batch with this id");
    }
}
