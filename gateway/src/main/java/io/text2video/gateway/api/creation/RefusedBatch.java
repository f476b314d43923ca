package io.text2video.gateway.api.creation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.text2video.gateway.api.errors.ApiError;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An error with what is wrong in each line of a batch; nothing of which was accepted. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(description = "An error, and what is wrong in each line")
public record RefusedBatch(ApiError.Details error, LineErrors errors) {

    /** As OpenAI's batches have it. */
    @Schema(description = "The first 1,000 lines that are wrong")
    record LineErrors(
            @Schema(description = "Always \"list\"", examples = "list") String object, List<LineError> data) {}

    @JsonInclude(JsonInclude.Include.ALWAYS)
    record LineError(
            @Schema(description = "1 for the first") int line,
            @Schema(description = "As where it is asked for alone", examples = "invalid_value") String code,
            @Schema(description = "For people") String message,
            @Schema(nullable = true, description = "The field at fault, or null") String param) {
        static LineError of(int line, ApiException refusal) {
            ApiError.Details details = refusal.details();
            return new LineError(line, details.code(), details.message(), details.param());
        }
    }

    /**
     * @param lines how many are wrong
     * @param shown the first of them
     */
    static RefusedBatch of(int lines, List<LineError> shown) {
        var error = ApiException.of(
                ApiErrorCode.INVALID_BATCH,
                "%s; nothing was accepted. Mend %s and send the batch again"
                        .formatted(
                                lines == 1 ? "1 line is wrong" : lines + " lines are wrong",
                                lines == 1 ? "it" : "them"));
        return new RefusedBatch(error.details(), new LineErrors("list", shown));
    }
}
