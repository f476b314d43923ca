package io.text2video.gateway.api.bodies;

import io.text2video.common.job.InputReference;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.image.InputImage;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** The image that a video is to start from, not looked at yet. */
public sealed interface StartImage {
    String FIELD = "input_reference";

    /** The client sent it. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes that nobody compares
    record Sent(byte[] file) implements StartImage {
        public Sent {
            if (file.length > InputImage.MAX_BYTES) {
                throw tooLarge();
            }
        }
    }

    /** It is in the bucket. */
    record Stored(InputReference reference) implements StartImage {}

    /** @throws ApiException when it is neither a data URL of base64 nor a key, or too large */
    static Optional<StartImage> of(NewInputReference wanted) {
        if (wanted == null) {
            return Optional.empty();
        }
        if ((wanted.imageUrl() == null) == (wanted.key() == null)) {
            throw invalid("must have one of image_url and key");
        }
        return Optional.of(
                wanted.key() == null
                        ? new Sent(bytes(wanted.imageUrl()))
                        : new Stored(new InputReference(wanted.key())));
    }

    private static byte[] bytes(String url) {
        int comma = url.indexOf(',');
        String head = comma < 0 ? "" : url.substring(0, comma).toLowerCase(Locale.ROOT);
        if (!head.startsWith("data:") || !head.endsWith(";base64")) {
            throw invalid("must be a data URL such as data:image/png;base64,…: no other is fetched. Send the image's"
                    + " bytes, or its key in the fleet's bucket");
        }
        if ((url.length() - comma) / 4L * 3 > InputImage.MAX_BYTES + 3) {
            throw tooLarge();
        }
        try {
            return Base64.getDecoder().decode(url.substring(comma + 1));
        } catch (IllegalArgumentException e) {
            throw invalid("is not valid base64: " + e.getMessage());
        }
    }

    private static ApiException invalid(String reason) {
        return ApiException.of(ApiErrorCode.INVALID_VALUE, FIELD, FIELD + " " + reason);
    }

    private static ApiException tooLarge() {
        return ApiException.of(
                ApiErrorCode.BODY_TOO_LARGE,
                FIELD,
                "input_reference must not be larger than %d bytes (10 MB)".formatted(InputImage.MAX_BYTES));
    }
}
