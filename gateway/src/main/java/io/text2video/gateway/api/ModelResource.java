package io.text2video.gateway.api;

import io.smallrye.mutiny.Uni;
import io.text2video.common.model.ModelCard;
import io.text2video.gateway.api.creation.ModelChoice;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** The models that the fleet's workers have announced. */
@Path("/v1/models")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "models")
class ModelResource {
    private final ModelChoice models;

    ModelResource(ModelChoice models) {
        this.models = models;
    }

    @GET
    @Operation(operationId = "listModels", summary = "All models, by their ids")
    @APIResponse(
            responseCode = "200",
            description = "Every model that a worker has announced",
            content = @Content(schema = @Schema(implementation = ModelList.class)))
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<ModelList> list() {
        return models.all()
                .map(cards ->
                        new ModelList("list", cards.stream().map(this::model).toList()));
    }

    @GET
    @Path("/{id: .+}")
    @Operation(operationId = "getModel", summary = "What a model can be asked for")
    @APIResponse(
            responseCode = "200",
            description = "The model",
            content = @Content(schema = @Schema(implementation = Model.class)))
    @APIResponse(responseCode = "404", ref = "Error")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<Model> get(
            @RestPath @Parameter(description = "The model's id, with its slashes as they are") String id) {
        return models.byPath(id).map(this::model);
    }

    private Model model(ModelCard card) {
        return Model.of(card, models.isPreferred(card));
    }
}
