package io.text2video.gateway.api;

import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** What OpenAI's clients can ask for, and no model here can do yet. It is said at once, whatever the body. */
@Path("/v1/videos")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "videos")
class UnsupportedResource {
    /** OpenAI's clients ask again after a 5xx unless they are told that it is no use. */
    private static final String SHOULD_RETRY = "x-should-retry";

    @POST
    @Path("/characters")
    @Operation(operationId = "createCharacter", summary = "Not supported: keeping a character")
    @APIResponse(responseCode = "501", ref = "Error")
    public Response createCharacter() {
        return noCharacters();
    }

    @GET
    @Path("/characters/{id}")
    @Operation(operationId = "getCharacter", summary = "Not supported: looking a character up")
    @APIResponse(responseCode = "501", ref = "Error")
    public Response getCharacter(@RestPath @Parameter(description = "The character's id") String id) {
        return noCharacters();
    }

    private static Response noCharacters() {
        return missing("characters are not supported: no model here keeps one from video to video. A LoRA that was"
                + " trained on it does (loras)");
    }

    private static Response missing(String message) {
        return ApiException.of(ApiErrorCode.NOT_SUPPORTED, message)
                .response()
                .header(SHOULD_RETRY, "false")
                .build();
    }
}
