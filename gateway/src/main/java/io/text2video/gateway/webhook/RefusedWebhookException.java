package io.text2video.gateway.webhook;

/** A URL that is not called. The message says what of it, and the way out. */
public final class RefusedWebhookException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedWebhookException(String message) {
        super(message);
    }
}
