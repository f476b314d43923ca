package io.text2video.gateway.commands;

/** The broker did not acknowledge in time what it was told of a job. */
public final class BrokerUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BrokerUnavailableException(Throwable cause) {
        super("the broker did not acknowledge the job's end in time", cause);
    }
}
