package io.text2video.gateway.api.bodies;

import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import java.lang.reflect.Type;
import java.util.Optional;

/** The files of a form: an image, a video, each where the request has one. */
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
            requireFirst(part.name(), image);
            image = new StartImage.Sent(part.content());
        } else if (type == NewInputVideo.class) {
            requireFirst(part.name(), video);
            video = StartVideo.sent(part.content());
        } else {
            throw invalid(part.name(), "cannot be a file");
        }
    }

    /** @param named by a field of the form, in the place of a file */
    Optional<StartImage> image(Optional<StartImage> named) {
        return one(StartImage.FIELD, image, named);
    }

    /** @param named by a field of the form, in the place of a file */
    Optional<StartVideo> video(Optional<StartVideo> named) {
        return one(StartVideo.FIELD, video, named);
    }

    private static <T> Optional<T> one(String field, T file, Optional<T> named) {
        if (file != null && named.isPresent()) {
            throw invalid(field, "was sent as a file and as text");
        }
        return file == null ? named : Optional.of(file);
    }

    private static void requireFirst(String field, Object before) {
        if (before != null) {
            throw invalid(field, "was sent 2 times or more");
        }
    }

    private static ApiException invalid(String field, String reason) {
        return ApiException.of(ApiErrorCode.INVALID_VALUE, field, field + " " + reason);
    }
}
