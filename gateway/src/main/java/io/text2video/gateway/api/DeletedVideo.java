package io.text2video.gateway.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A video that is not wanted any more.
 *
 * @param object always {@code video.deleted}
 * @param deleted always true
 */
public record DeletedVideo(String id, @Schema(examples = "video.deleted") String object, boolean deleted) {
    public DeletedVideo(String id) {
        this(id, "video.deleted", true);
    }
}
