package io.text2video.gateway.api;

import io.smallrye.mutiny.Uni;
import io.text2video.common.webhook.WebhookLog;
import io.text2video.gateway.api.access.Callers;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.commands.Redelivery;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobView;
import jakarta.ws.rs.GET;
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
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestPath;

/** What became of a job's webhook. */
@Path("/v1/videos/{id}/webhooks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "videos")
class WebhookResource {
    private static final int ACCEPTED = 202;

    private final Callers callers;
    private final Lookup lookup;
    private final JobView view;
    private final Redelivery redelivery;

    WebhookResource(Callers callers, Lookup lookup, JobView view, Redelivery redelivery) {
        this.callers = callers;
        this.lookup = lookup;
        this.view = view;
        this.redelivery = redelivery;
    }

    @GET
    @Operation(
            operationId = "listWebhookDeliveries",
            summary = "How the calls of a job's webhook went",
            description = "One for each event that was called for, and for the job's end before it is")
    @APIResponse(
            responseCode = "200",
            description = "The deliveries, in the order of what they tell of",
            content = @Content(schema = @Schema(implementation = WebhookDeliveries.class)))
    @APIResponse(responseCode = "404", ref = "Error")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<WebhookDeliveries> list(@RestPath @Parameter(description = "The job's id") String id) {
        return lookup.byPath(callers.current(), id)
                .map(job -> WebhookDeliveries.of(view.deliveries().shown(job.snapshot())));
    }

    @POST
    @Path("/{delivery}/redeliver")
    @ResponseStatus(ACCEPTED)
    @Operation(
            operationId = "redeliverWebhook",
            summary = "Call a job's webhook once more",
            description =
                    "At once, also where its host is paused; in vain, it is tried again by the same schedule as at"
                            + " first. Tries that were still to come are dropped; a call that is under way is not.")
    @APIResponse(
            responseCode = "202",
            description = "The broker has the call; the delivery as it was before",
            content = @Content(schema = @Schema(implementation = WebhookDeliveries.Delivery.class)))
    @APIResponse(responseCode = "404", ref = "Error")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<WebhookDeliveries.Delivery> redeliver(
            @RestPath @Parameter(description = "The job's id") String id,
            @RestPath @Parameter(description = "The delivery's id: its `webhook-id`") String delivery) {
        return lookup.now(callers.current(), id).flatMap(job -> {
            WebhookLog log = find(job, delivery);
            return redelivery.redeliver(job.snapshot(), log).replaceWith(() -> WebhookDeliveries.Delivery.of(log));
        });
    }

    private WebhookLog find(Job job, String delivery) {
        return view.deliveries().shown(job.snapshot()).stream()
                .filter(log -> log.key().equals(delivery))
                .findFirst()
                .orElseThrow(() -> ApiException.of(
                        ApiErrorCode.WEBHOOK_DELIVERY_NOT_FOUND,
                        "there is no delivery with this id; /v1/videos/%s/webhooks lists them".formatted(job.id())));
    }
}
