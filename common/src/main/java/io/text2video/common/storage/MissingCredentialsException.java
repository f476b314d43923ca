package io.text2video.common.storage;

/** Nothing says who the fleet is to the object store. Waiting for it does not help. */
public final class MissingCredentialsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MissingCredentialsException(String message, Throwable cause) {
        super(message, cause);
    }
}
