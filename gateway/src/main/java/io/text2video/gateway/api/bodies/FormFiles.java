package io.text2video.gateway.api.bodies;

import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import java.lang.reflect.Type;
import java.util.Optional;

/** The files of a form: an image or a video, each where the request has one. */
final class FormFiles {
    private final FormFields fields;
    private StartImage image;
    private StartVideo video;

    /** @param fields that the others of the form are */
    FormFiles(FormFields fields) {
        this.fields = fields;
    }

    /** @throws ApiException where the field is for no file, has one already, or cannot be what the file is */
    void add(MultipartForm.Part part) {
        Type type = fields.typeOf(part.name());
        if (type == NewInputReference.class) {
            if (image != null) {
                throw twice(part.name());
            }
            image = new StartImage.Sent(part.content());
        } else if (type == NewInputVideo.class) {
            StartVideo sent = StartVideo.sent(part.name(), part.content());
            if (video != null && video.field().equals(part.name())) {
                throw twice(part.name());
            }
            video = StartVideo.one(Optional.ofNullable(video), Optional.of(sent))
                    .orElseThrow();
        } else {
            throw invalid(part.name(), "cannot be a file");
        }
    }

    /** @param named by a field of the form, in the place of a file */
    Optional<StartImage> image(Optional<StartImage> named) {
        if (image != null && named.isPresent()) {
            throw invalid(StartImage.FIELD, "was sent as a file and as text");
        }
        return image == null ? named : Optional.of(image);
    }

    /** @param named by a field of the form, in the place of a file */
    Optional<StartVideo> video(Optional<StartVideo> named) {
        return StartVideo.one(Optional.ofNullable(video), named);
    }

    private static ApiException twice(String field) {
        return invalid(field, "was sent 2 times or more");
    }

    private static ApiException invalid(String field, String reason) {
        return ApiException.of(ApiErrorCode.INVALID_VALUE, field, field + " " + reason);
    }
}
