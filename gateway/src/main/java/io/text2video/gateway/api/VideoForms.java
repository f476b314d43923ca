package io.text2video.gateway.api;

import io.text2video.gateway.api.creation.CreateVideoRequest;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.media.SchemaProperty;

/** What forms that ask for videos have in them, for the API's description: the fields of {@link CreateVideoRequest} as text. */
final class VideoForms {
    private static final String BINARY = "binary";

    private VideoForms() {}

    /** Of a new video. */
    @Schema(
            name = "CreateVideoForm",
            type = SchemaType.OBJECT,
            description = "The fields of CreateVideoRequest as text, `loras` and `webhook` as JSON or with brackets, as"
                    + " `webhook[url]`, `loras[][id]`; `input_reference`, `video` or `control_video` as a file",
            requiredProperties = "prompt",
            properties = {
                @SchemaProperty(name = "prompt", type = SchemaType.STRING),
                @SchemaProperty(name = "model", type = SchemaType.STRING),
                @SchemaProperty(name = "seconds", type = SchemaType.STRING),
                @SchemaProperty(name = "size", type = SchemaType.STRING),
                @SchemaProperty(name = "input_reference", type = SchemaType.STRING, format = BINARY)
            })
    interface OfNewVideo {}

    /** Of one that is made from another one. */
    @Schema(
            name = "SourceVideoForm",
            type = SchemaType.OBJECT,
            description =
                    "The fields of CreateVideoRequest as text; `video` as a file, or as `video[id]` or `video[key]`",
            requiredProperties = {"prompt", "video"},
            properties = {
                @SchemaProperty(name = "prompt", type = SchemaType.STRING),
                @SchemaProperty(name = "video", type = SchemaType.STRING, format = BINARY),
                @SchemaProperty(name = "model", type = SchemaType.STRING)
            })
    interface OfSourceVideo {}
}
