package io.text2video.worker.pipeline;

/** A generation that came to its end with nothing to show: infinite or NaN values, or a video that is black all over. */
public final class NonFiniteOutputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NonFiniteOutputException(String message) {
        super(message);
    }
}
