package io.text2video.gateway.commands;

import io.text2video.kafka.PublicationException;

/** The broker did not acknowledge the request in time. */
public final class NotAcceptedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotAcceptedException(Throwable cause) {
        super("the broker did not acknowledge the request in time", cause);
    }

    /** Whether the request may be on its topic all the same. */
    public boolean mayBeThere() {
        return PublicationException.isRetriable(getCause());
    }
}
