package io.text2video.gateway.api.errors;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body of every answer that is an error. */
@Schema(name = "Error")
public record ApiError(Details error) {

    @JsonInclude(JsonInclude.Include.ALWAYS)
    @Schema(name = "ErrorDetails")
    public record Details(
            @Schema(description = "For people") String message,
            @Schema(description = "`invalid_request_error` or `server_error`") String type,
            @Schema(nullable = true, description = "The field, query parameter or header at fault, or null")
                    String param,
            @Schema(description = "For programs", examples = "invalid_value") String code) {}
}
