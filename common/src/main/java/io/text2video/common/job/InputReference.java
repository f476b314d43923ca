package io.text2video.common.job;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * The image that a video starts from.
 *
 * @param key of an object in the fleet's bucket: a PNG, JPEG or WebP of at most 10 MB
 */
public record InputReference(
        @NotNull @Size(max = 512) @Pattern(regexp = InputReference.KEY, message = InputReference.KEY_MESSAGE)
                String key) {
    static final String KEY = "[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*";
    static final String KEY_MESSAGE = "must be segments of letters, digits, '.', '_' and '-', joined by '/'";
}
