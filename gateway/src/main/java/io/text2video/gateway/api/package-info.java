/** The HTTP API under {@code /v1}: OpenAI-style videos and models. */
@OpenAPIDefinition(
        info = @Info(title = "Text2Video Fleet", version = "1"),
        tags = {
            @Tag(name = "videos", description = "Jobs and their videos"),
            @Tag(name = "models", description = "What the fleet draws with")
        },
        security = @SecurityRequirement(name = "key"),
        components =
                @Components(
                        securitySchemes =
                                @SecurityScheme(
                                        securitySchemeName = "key",
                                        type = SecuritySchemeType.HTTP,
                                        scheme = "bearer",
                                        description = "A key of the fleet (`t2v_…`), or a token of the provider that it"
                                                + " trusts. A fleet on its own machine wants none"),
                        responses = {
                            @APIResponse(
                                    name = "Error",
                                    description = "Refused: `error.code` says why, `error.param` names the field",
                                    content =
                                            @Content(
                                                    mediaType = "application/json",
                                                    schema = @Schema(implementation = ApiError.class))),
                            @APIResponse(
                                    name = "Unavailable",
                                    description =
                                            "Not now, as the broker or the object store does not answer, or as there is too much"
                                                    + " to do",
                                    headers =
                                            @Header(
                                                    name = "Retry-After",
                                                    description = "Seconds",
                                                    schema = @Schema(type = SchemaType.INTEGER)),
                                    content =
                                            @Content(
                                                    mediaType = "application/json",
                                                    schema = @Schema(implementation = ApiError.class)))
                        }))
package io.text2video.gateway.api;

import io.text2video.gateway.api.errors.ApiError;
import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
