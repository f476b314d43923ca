package io.text2video.gateway.api.bodies;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonCreator.Mode;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The image that a video starts from, as a client gives it in JSON: one of the two. */
@Schema(description = "The image that a video starts from: one of the two fields. A string counts as `image_url`.")
public record NewInputReference(
        @Schema(
                        description = "A data URL of a PNG, JPEG or WebP of at most 10 MB. Others are not fetched",
                        examples = "data:image/png;base64,iVBORw0KGgo=")
                String imageUrl,
        @Schema(description = "The key of an object in the fleet's bucket", examples = "inputs/ball.png") String key) {
    @JsonCreator(mode = Mode.PROPERTIES)
    public NewInputReference {}

    /** Some clients send the URL alone. */
    @JsonCreator(mode = Mode.DELEGATING)
    public static NewInputReference of(String imageUrl) {
        return new NewInputReference(imageUrl, null);
    }

    /** Of the image itself, where it is here. */
    public int characters() {
        return imageUrl == null ? 0 : imageUrl.length();
    }
}
