package io.text2video.gateway.commands;

import io.text2video.kafka.PublicationException;

/** The broker did not acknowledge in time what was published of a job. */
public final class BrokerUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BrokerUnavailableException(String record, Throwable cause) {
        super("the broker did not acknowledge %s in time".formatted(record), cause);
    }

    /** Whether it may be on its topic all the same. */
    public boolean mayBeThere() {
        return PublicationException.isRetriable(getCause());
    }
}
