package io.text2video.gateway.submission;

/** The broker did not acknowledge the request in time. */
public final class NotAcceptedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotAcceptedException(Throwable cause) {
        super("the broker did not acknowledge the request in time", cause);
    }
}
