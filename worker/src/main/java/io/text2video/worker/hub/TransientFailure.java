package io.text2video.worker.hub;

import java.io.IOException;
import java.time.Duration;

/** An answer that may be another one next time. */
final class TransientFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /** @param retryAfter how long the other side asks to wait; null when it does not say */
    TransientFailure(String message, Duration retryAfter) {
        super(retryAfter == null ? message : "%s and asks to wait %d s".formatted(message, retryAfter.toSeconds()));
        this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
        return retryAfter;
    }
}
