package io.text2video.image;

/** Bytes that are no image a video can start from. The message to people names the value, the rule and the way out. */
public final class InvalidImageException extends Exception {
    private static final long serialVersionUID = 1;

    InvalidImageException(String message) {
        super(message);
    }

    InvalidImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
