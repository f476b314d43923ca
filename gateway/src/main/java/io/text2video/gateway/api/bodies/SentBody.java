package io.text2video.gateway.api.bodies;

import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a client sends: JSON, or a form that says the same.
 *
 * @param image that came with it, as a form's file or within the message
 */
public record SentBody<T>(T message, Optional<StartImage> image) {
    private static final byte[] NONE = new byte[0];

    /**
     * Reads a body by its type, which must be named: what a browser sends of itself for a foreign page has none of these.
     *
     * @param contentType as the client says; null for nothing
     * @param body null for none
     * @param imageIn the image that a message names, or null
     * @throws ApiException when the body is too large, or not what a client may ask for
     */
    public static <T> SentBody<T> read(
            String contentType, byte[] body, Class<T> type, Function<T, NewInputReference> imageIn) {
        Optional<MediaType> named = mediaType(contentType);
        byte[] bytes = body == null ? NONE : body;
        if (named.filter(MediaType.APPLICATION_JSON_TYPE::isCompatible).isPresent()) {
            return json(bytes, type, imageIn);
        }
        String boundary = named.filter(MediaType.MULTIPART_FORM_DATA_TYPE::isCompatible)
                .orElseThrow(() -> ApiException.ofStatus(ApiErrorCode.UNSUPPORTED_MEDIA_TYPE.status()))
                .getParameters()
                .get("boundary");
        return form(MultipartForm.read(bytes, boundary), type, imageIn);
    }

    private static <T> SentBody<T> json(byte[] json, Class<T> type, Function<T, NewInputReference> imageIn) {
        if (json.length == 0) {
            throw ApiException.of(ApiErrorCode.INVALID_JSON, "the body must be a JSON object, and is empty");
        }
        BodyLimits.check(json.length, BodyLimits.JSON);
        try {
            T message = JsonCodec.readStrictly(json, type, BodyLimits.JSON);
            NewInputReference image = imageIn.apply(message);
            // A data URL has one byte a character.
            BodyLimits.check(json.length - (image == null ? 0 : image.characters()), BodyLimits.TEXT);
            return new SentBody<>(message, StartImage.of(image));
        } catch (InvalidMessageException e) {
            throw ApiException.of(e);
        }
    }

    private static <T> SentBody<T> form(
            List<MultipartForm.Part> parts, Class<T> type, Function<T, NewInputReference> imageIn) {
        var fields = new FormFields(type);
        Optional<StartImage> file = Optional.empty();
        long characters = 0;
        for (MultipartForm.Part part : parts) {
            if (part.isFile()) {
                file = Optional.of(file(part, fields, file));
            } else {
                String text = part.text();
                characters += text.length();
                fields.add(part.name(), text);
            }
        }
        try {
            T message = JsonCodec.readStrictly(fields.json(), type);
            NewInputReference image = imageIn.apply(message);
            BodyLimits.check(characters - (image == null ? 0 : image.characters()), BodyLimits.TEXT);
            if (file.isPresent() && image != null) {
                throw invalid(StartImage.FIELD, "was sent as a file and as text");
            }
            return new SentBody<>(message, file.or(() -> StartImage.of(image)));
        } catch (InvalidMessageException e) {
            throw ApiException.of(e);
        }
    }

    private static StartImage file(MultipartForm.Part part, FormFields fields, Optional<StartImage> before) {
        if (fields.typeOf(part.name()) != NewInputReference.class) {
            throw invalid(part.name(), "cannot be a file");
        }
        if (before.isPresent()) {
            throw invalid(part.name(), "was sent 2 times or more");
        }
        return new StartImage.Sent(part.content());
    }

    /** One type, and no range of them. */
    public static Optional<MediaType> mediaType(String contentType) {
        try {
            return Optional.ofNullable(contentType)
                    .map(MediaType::valueOf)
                    .filter(type -> !type.isWildcardType() && !type.isWildcardSubtype());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ApiException invalid(String field, String reason) {
        return ApiException.of(ApiErrorCode.INVALID_VALUE, field, field + " " + reason);
    }
}
