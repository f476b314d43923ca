package io.text2video.gateway.api.bodies;

import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;

/**
 * What a client sends: JSON, or a form that says the same.
 *
 * @param image that came with it, as a form's file or within the message
 * @param video that came with it likewise
 */
public record SentBody<T extends SentMessage>(T message, Optional<StartImage> image, Optional<StartVideo> video) {
    private static final byte[] NONE = new byte[0];

    /**
     * Reads a body by its type, which must be named: what a browser sends of itself for a foreign page has none of these.
     *
     * @param contentType as the client says; null for nothing
     * @param body null for none
     * @throws ApiException when the body is too large, or not what a client may ask for
     */
    public static <T extends SentMessage> SentBody<T> read(String contentType, byte[] body, Class<T> type) {
        Optional<MediaType> named = mediaType(contentType);
        byte[] bytes = body == null ? NONE : body;
        if (named.filter(MediaType.APPLICATION_JSON_TYPE::isCompatible).isPresent()) {
            return json(bytes, type);
        }
        String boundary = named.filter(MediaType.MULTIPART_FORM_DATA_TYPE::isCompatible)
                .orElseThrow(() -> ApiException.ofStatus(ApiErrorCode.UNSUPPORTED_MEDIA_TYPE.status()))
                .getParameters()
                .get("boundary");
        return form(MultipartForm.read(bytes, boundary), type);
    }

    private static <T extends SentMessage> SentBody<T> json(byte[] json, Class<T> type) {
        if (json.length == 0) {
            throw ApiException.of(ApiErrorCode.INVALID_JSON, "the body must be a JSON object, and is empty");
        }
        BodyLimits.check(json.length, BodyLimits.JSON);
        try {
            T message = JsonCodec.readStrictly(json, type, BodyLimits.JSON);
            NewInputReference image = message.inputReference();
            // A data URL has one byte a character.
            BodyLimits.check(json.length - (image == null ? 0 : image.characters()), BodyLimits.TEXT);
            return new SentBody<>(message, StartImage.of(image), StartVideo.of(message));
        } catch (InvalidMessageException e) {
            throw ApiException.of(e);
        }
    }

    private static <T extends SentMessage> SentBody<T> form(List<MultipartForm.Part> parts, Class<T> type) {
        var fields = new FormFields(type);
        var files = new FormFiles(fields);
        long characters = 0;
        for (MultipartForm.Part part : parts) {
            if (part.isFile()) {
                files.add(part);
            } else {
                String text = part.text();
                characters += text.length();
                fields.add(part.name(), text);
            }
        }
        try {
            T message = JsonCodec.readStrictly(fields.json(), type);
            NewInputReference image = message.inputReference();
            BodyLimits.check(characters - (image == null ? 0 : image.characters()), BodyLimits.TEXT);
            return new SentBody<>(message, files.image(StartImage.of(image)), files.video(StartVideo.of(message)));
        } catch (InvalidMessageException e) {
            throw ApiException.of(e);
        }
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
}
