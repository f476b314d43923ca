package io.text2video.gateway.api;

import io.text2video.common.json.InvalidMessageException;

/** A message's refusal in the client's terms. */
final class InvalidField {
    private InvalidField() {}

    /** As found in what the client sent. */
    static ApiException refusal(InvalidMessageException e) {
        return e.field().isEmpty()
                ? ApiException.of(ApiErrorCode.INVALID_JSON, "the body " + e.reason())
                : ApiException.of(ApiErrorCode.INVALID_VALUE, e.field(), e.getMessage());
    }

    /** As found in what was made of the field {@code sent}. */
    static ApiException refusal(String sent, InvalidMessageException e) {
        return ApiException.of(ApiErrorCode.INVALID_VALUE, sent, sent + " " + e.reason());
    }
}
