package io.text2video.gateway.api.bodies;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonCreator.Mode;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The video that another one is made from, as a client gives it in JSON: one of the two. */
@Schema(description = "The video that another one is made from: one of the two fields. A string counts as `id`.")
public record NewInputVideo(
        @Schema(description = "The id of a video that is completed", examples = "019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f")
                String id,
        @Schema(
                        description = "The key of an object in the fleet's bucket, of at most 64 MiB",
                        examples = "inputs/ball.mp4")
                String key) {
    @JsonCreator(mode = Mode.PROPERTIES)
    public NewInputVideo {}

    /** As short as it can be said. */
    @JsonCreator(mode = Mode.DELEGATING)
    public static NewInputVideo of(String id) {
        return new NewInputVideo(id, null);
    }
}
