package io.text2video.kafka;

/** The broker does not have the queue that the configuration insists on. Waiting for it does not help. */
public final class UnsupportedQueueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnsupportedQueueException(String message) {
        super(message);
    }
}
